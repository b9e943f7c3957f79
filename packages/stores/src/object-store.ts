import type { BlobRef } from '@mien/proto';

export interface PutOptions {
  /** Groups keys, such as `photos` or `crops`: lower-case letters, digits and dashes. `blobs` unless given. */
  readonly prefix?: string;
  /** The blob may be swept this long after the last put of it; without it the blob stays until deleted. */
  readonly retentionSeconds?: number;
  /**
   * Keeps the blob apart from others of the same bytes, so that its only user may delete it: lower-case letters
   * and digits.
   */
  readonly scope?: string;
}

/**
 * Keeps bytes under a key made of their SHA-256, so that the same bytes are stored once and a put can be
 * repeated without harm.
 */
export interface ObjectStore {
  /** Stores the bytes; when it returns, every other user of the store sees them whole. */
  put(bytes: Uint8Array, options?: PutOptions): Promise<BlobRef>;
  /**
   * Reads and verifies. The bytes may be shared with other readers: they are not to be changed. Throws BLOB_LOST
   * when the blob is gone, swept or not what was stored.
   */
  get(ref: BlobRef): Promise<Buffer>;
  /** Forgets the blob; one that is not there is no error. */
  delete(ref: BlobRef): Promise<void>;
  /** Removes blobs whose retention has passed and returns how many. */
  sweep(): Promise<number>;
  /** Whether the store can be written to and read from now. */
  healthy(): Promise<boolean>;
}
