import type { BlobRef } from '@mien/proto';

/** What a blob's key is made of, beside its bytes. */
export interface Naming {
  /** Groups keys, such as `photos` or `crops`: lower-case letters, digits and dashes. `blobs` unless given. */
  readonly prefix?: string;
  /**
   * Keeps the blob apart from others of the same bytes, so that its only user may delete it: lower-case letters
   * and digits.
   */
  readonly scope?: string;
}

export interface PutOptions extends Naming {
  /** The blob may be swept this long after the last put of it; without it the blob stays until deleted. */
  readonly retentionSeconds?: number;
  /**
   * Whether the blob outlives a power cut once the put has returned. Costs a disk its round trip; a server keeps
   * what it has acknowledged as well as it keeps anything. As the store was opened unless given.
   */
  readonly durable?: boolean;
}

/** Names a blob: a BlobRef, or its key alone where nothing else was kept of it. */
export interface BlobName {
  readonly key: string;
  /** Of the bytes; looked at when given. */
  readonly sha256?: string;
  /** Of the bytes; lets small ones be read faster when given. */
  readonly size?: number;
}

/** A blob as it lies in the store. */
export interface StoredBlob {
  readonly key: string;
  /** Bytes that it takes up: those of the encryption are among them. */
  readonly size: number;
  /** The last put, by the clock of the disk or the server; never earlier than it was. */
  readonly putAt: Date;
  /** Whether it was put with a retention. */
  readonly temporary: boolean;
}

/**
 * Keeps bytes under a key made of their SHA-256, so that the same bytes are stored once and a put can be
 * repeated without harm. Where the store encrypts, the hash in the key is one that only who has the encryption key
 * can tell; keys that were made before the encryption key was changed stay valid.
 *
 * Every method that reaches for disk or server throws OBJECT_STORE_UNAVAILABLE when that fails: the same again may
 * succeed.
 */
export interface ObjectStore {
  /**
   * Stores the bytes; when it returns, every other user of the store sees them whole. Throws ARGUMENT_INVALID for a
   * prefix or scope that could mean another place.
   */
  put(bytes: Uint8Array, options?: PutOptions): Promise<BlobRef>;
  /** The key that a put would give the bytes. */
  keyOf(bytes: Uint8Array, naming?: Naming): string;
  /**
   * Reads and verifies. The bytes may be shared with other readers: they are not to be changed. Throws BLOB_LOST
   * when the blob is gone, swept or not what was stored, RECORD_UNREADABLE when it needs another encryption key.
   */
  get(blob: BlobName): Promise<Buffer>;
  /** Forgets the blob; one that is not there, or could not be, is no error. */
  delete(blob: BlobName): Promise<void>;
  /**
   * All blobs, or those of a prefix, in batches and no order. What is put or deleted meanwhile may be among them or
   * not. A key may come twice, as temporary and as one that stays.
   */
  list(prefix?: string): AsyncIterable<readonly StoredBlob[]>;
  /** Removes blobs whose retention has passed and returns how many. */
  sweep(): Promise<number>;
  /** Whether the store can be written to and read from now. */
  healthy(): Promise<boolean>;
}
