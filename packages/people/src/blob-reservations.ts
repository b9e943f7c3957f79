/**
 * No blob is lost or left over, whatever crashes when: a blob is promised to the outbox before it is stored, and the
 * enrolment that uses it takes the promise away in its transaction.
 *
 * 1. `reserveBlobs`: entries `blob-unused` are written that fall due when the lease ends.
 * 2. The blobs are stored.
 * 3. `createPerson` or `addFaces` takes the reservations of the blobs of its faces away, or refuses with
 *    BLOB_NOT_RESERVED: a blob whose reservation was given out by `readOutbox` may be gone.
 *
 * A key that an earlier attempt gave up may be deleted late by a follower that was slow; so each attempt makes keys of
 * its own (the object store's scope: face id and something random). Attempts that share a key nevertheless are kept
 * apart as far as the database can tell: while the entry of a key is out, it is not reserved again.
 */
export interface BlobReservations {
  /**
   * Reserves the keys for so long, 1 s to a day, all or none; those that are reserved are reserved for longer. Throws
   * CONFLICT when a face uses one of the blobs, or one is being deleted.
   */
  reserveBlobs(keys: readonly string[], leaseSeconds: number): Promise<void>;
  /** Ends reservations early, after an enrolment that failed. Blobs that are not reserved are left as they are. */
  releaseBlobs(keys: readonly string[]): Promise<void>;
  /** Those of the keys that an enrolled face uses. */
  blobsInUse(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Those of the keys that a face uses, or that are reserved, or waiting to be deleted. A stored blob of any other key
   * has no user and gets none, if its key was read in the object store before.
   */
  blobsKnown(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** All keys that enrolled faces use, in batches. */
  streamBlobKeys(): AsyncIterable<readonly string[]>;
}
