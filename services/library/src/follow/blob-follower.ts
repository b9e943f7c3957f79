import type { PeopleStore } from '@mien/people';
import type { ObjectStore } from '@mien/stores';

const BATCH = 1_000;
const DELETED_AT_ONCE = 16;

/** Deletes the blobs that wait in the outbox and are due. Throws what store and database throw. */
export async function deleteUnusedBlobs(people: PeopleStore, objects: ObjectStore): Promise<void> {
  for (;;) {
    const entries = await people.readOutbox('blobs', BATCH);
    const keys = entries.flatMap((entry) => (entry.kind === 'blob-unused' ? [entry.key] : []));
    await forEachOf(keys, DELETED_AT_ONCE, (key) => objects.delete({ key }));
    await people.acknowledge(entries.map(({ id }) => id));
    if (entries.length < BATCH) {
      return;
    }
  }
}

async function forEachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
