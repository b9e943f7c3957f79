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
  const candidates = new Set<string>();
  for await (const keys of storedKeys(library)) {
    keys.forEach((key) => void stored.add(key));
    (await unknownOf(keys, library)).forEach((key) => void candidates.add(key));
  }
  const blobsWithoutFace = await withoutFace(candidates, library, how);
  return { blobs: stored.size, blobsWithoutFace, lostBlobs: await lostBlobs(stored, library) };
}

/** Those of nobody that are there when we look again: a face may have gone, its blobs with it, after they were listed. */
async function withoutFace(
  candidates: ReadonlySet<string>,
  library: Library,
  how: { readonly repair: boolean },
): Promise<Damage> {
  const count = new DamageCount();
  if (candidates.size === 0) {
    return count;
  }
  for await (const keys of storedKeys(library)) {
    const unknown = await unknownOf(
      keys.filter((key) => candidates.has(key)),
      library,
    );
    count.add(unknown);
    if (how.repair) {
      await deleteAll(unknown, library);
    }
  }
  return count;
}

async function unknownOf(keys: readonly string[], { people }: Library): Promise<string[]> {
  if (keys.length === 0) {
    return [];
  }
  const known = await people.blobsKnown(keys);
  return keys.filter((key) => !known.has(key));
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
