import { checkBlobKeys } from '../naming';
import { type LibraryContext, snapshot } from './context';
import { translated } from './database-error';
import type { Database } from './schema';

const BATCH = 1000;

/** Those of the keys that a face uses. */
export async function blobsInUse(db: Database, keys: readonly string[]): Promise<ReadonlySet<string>> {
  checkBlobKeys('keys', keys);
  if (keys.length === 0) {
    return new Set();
  }
  const crops = await db
    .selectFrom('faces')
    .select('crop_key as key')
    .where('crop_key', 'in', keys)
    .execute();
  const photos = await db
    .selectFrom('faces')
    .select('photo_key as key')
    .where('photo_key', 'in', keys)
    .execute();
  return new Set([...crops, ...photos].flatMap(({ key }) => (key === null ? [] : [key])));
}

/** Those of the keys that a face uses or an outbox entry names, as of one moment. */
export function blobsKnown(library: LibraryContext, keys: readonly string[]): Promise<ReadonlySet<string>> {
  return snapshot(library.db, async (trx) => {
    const inUse = await blobsInUse(trx, keys);
    const promised = await trx
      .selectFrom('outbox')
      .select('blob_key as key')
      .where('kind', '=', 'blob-unused')
      .where('blob_key', '=', (any) => any.fn('any', [any.val(keys)]))
      .execute();
    return new Set([...inUse, ...promised.flatMap(({ key }) => key ?? [])]);
  });
}

/** All keys that faces use, by keyset, so that the stream holds nothing back. */
export async function* streamBlobKeys(db: Database): AsyncIterable<readonly string[]> {
  let after = 0;
  for (;;) {
    const faces = await facesAfter(db, after);
    const last = faces.at(-1);
    if (last === undefined) {
      return;
    }
    after = Number(last.seq);
    yield faces.flatMap((face) => [face.crop_key, face.photo_key]).filter((key) => key !== null);
  }
}

async function facesAfter(db: Database, position: number) {
  try {
    return await db
      .selectFrom('faces')
      .select(['seq', 'crop_key', 'photo_key'])
      .where('seq', '>', position)
      .orderBy('seq')
      .limit(BATCH)
      .execute();
  } catch (error) {
    throw translated(error);
  }
}
