import type { KeyParts } from './blob-key';
import type { StoredBlob } from './object-store';

export interface BlobLife {
  /** Seconds since 1970; FOREVER_SECONDS for a blob that stays. */
  readonly expiresAt: number;
  readonly durable: boolean;
}

/** Where blobs lie: a folder, or a bucket. Knows keys, and nothing of what is in the bytes. */
export interface BlobBackend {
  /** Puts the bytes in the place of what lies there. Nobody ever reads half of them. */
  write(parts: KeyParts, bytes: Uint8Array, life: BlobLife): Promise<void>;
  /** Lets a blob of this size that is already there live as long; false when it has to be written. */
  prolong(parts: KeyParts, size: number, life: BlobLife): boolean | Promise<boolean>;
  /** Undefined when there is none. */
  read(parts: KeyParts, expectedBytes: number | undefined): Promise<Buffer | undefined>;
  remove(parts: KeyParts): Promise<void>;
  list(prefix: string | undefined): AsyncIterable<readonly StoredBlob[]>;
  sweep(): Promise<number>;
  healthy(): Promise<boolean>;
}
