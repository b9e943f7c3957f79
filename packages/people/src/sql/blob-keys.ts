import { invalid } from '../naming';
import type { Database } from './schema';

const MOST = 10_000;

/** Those of the keys that a face uses. */
export async function blobsInUse(db: Database, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length > MOST) {
    throw invalid('keys', `at most ${MOST} keys`);
  }
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
