import type { Library } from '../library';

/**
 * Takes what was deleted out of index and object store. It is gone as soon as the database says so: nobody finds it
 * any more. So where one of the stores is down, the call is answered, and the followers do it when the store is back.
 */
export async function followDeletion({ index, blobs, logger }: Library): Promise<void> {
  const results = await Promise.allSettled([index.follow(), blobs.follow()]);
  for (const result of results) {
    if (result.status === 'rejected') {
      logger.warn({ err: result.reason }, 'what was deleted leaves a store later');
    }
  }
}
