import { isSweepable } from '../expiry';
import type { Bucket } from './bucket';
import { expiryIn, TEMPORARY } from './layout';

/** Objects looked at at once. */
const AT_ONCE = 16;

/** Removes the temporary blobs that have expired and returns how many that were. */
export async function sweepBucket(bucket: Bucket): Promise<number> {
  let removed = 0;
  for await (const page of bucket.list(TEMPORARY)) {
    const names = page.map(({ name }) => name);
    for (let start = 0; start < names.length; start += AT_ONCE) {
      const batch = names.slice(start, start + AT_ONCE);
      const results = await Promise.all(batch.map((name) => removeExpired(bucket, name)));
      removed += results.filter((gone) => gone).length;
    }
  }
  return removed;
}

/**
 * S3 has no removal on condition, so a put between the look and the removal of a blob that had expired a minute ago
 * or more would be undone. Blobs with a scope, which the line uses, are put once.
 */
async function removeExpired(bucket: Bucket, name: string): Promise<boolean> {
  const found = await bucket.stat(name);
  if (found === undefined || !isSweepable(expiryIn(found.metadata) * 1_000)) {
    return false;
  }
  await bucket.remove([name]);
  return true;
}
