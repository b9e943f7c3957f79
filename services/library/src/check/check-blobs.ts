import { ENROLLED_CROPS, ENROLLED_PHOTOS, type Library } from '../library';
import { type Damage, DamageCount } from './damage';
import { NameSet } from './name-set';
import { slices } from './slices';

export interface BlobReport {
  readonly blobs: number;
  readonly blobsWithoutFace: Damage;
  readonly lostBlobs: Damage;
}

const BATCH = 1_000;

/** Compares the object store with the database, whose writes go on meanwhile. */
export async function checkBlobs(library: Library, how: { readonly repair: boolean }): Promise<BlobReport> {
  const stored = new NameSet();
  const blobsWithoutFace = new DamageCount();
  for await (const keys of storedKeys(library)) {
    keys.forEach((key) => void stored.add(key));
    const known = await library.people.blobsKnown(keys);
    const unknown = keys.filter((key) => !known.has(key));
    blobsWithoutFace.add(unknown);
    if (how.repair) {
      await deleteAll(unknown, library);
    }
  }
  return { blobs: stored.size, blobsWithoutFace, lostBlobs: await lostBlobs(stored, library) };
}

async function* storedKeys({ objects }: Library): AsyncIterable<readonly string[]> {
  for (const prefix of [ENROLLED_CROPS, ENROLLED_PHOTOS]) {
    for await (const blobs of objects.list(prefix)) {
      yield* slices(
        blobs.map(({ key }) => key),
        BATCH,
      );
    }
  }
}

async function deleteAll(keys: readonly string[], { objects }: Library): Promise<void> {
  for (const key of keys) {
    await objects.delete({ key });
  }
}

/** Blobs of faces that were not seen, nor are when we look again: they may have come, or their faces gone, meanwhile. */
async function lostBlobs(seen: NameSet, library: Library): Promise<Damage> {
  const candidates: string[] = [];
  for await (const keys of library.people.streamBlobKeys()) {
    candidates.push(...keys.filter((key) => !seen.has(key)));
  }
  const lost = new DamageCount();
  if (candidates.length === 0) {
    return lost;
  }
  const now = new NameSet();
  for await (const keys of storedKeys(library)) {
    keys.forEach((key) => void now.add(key));
  }
  for (const keys of slices(candidates, BATCH)) {
    const inUse = await library.people.blobsInUse(keys);
    lost.add(keys.filter((key) => inUse.has(key) && !now.has(key)));
  }
  return lost;
}
