import { MienError } from '@mien/errors';
import type { BlobRef } from '@mien/proto';
import type { BlobBackend } from './blob-backend';
import type { BlobCodec } from './blob-codec';
import { checkPrefix, type KeyParts, keyOfParts, keyParts, parseBlobKey, sha256Of } from './blob-key';
import { BlobMemory } from './blob-memory';
import { expiryOf, FOREVER_SECONDS } from './expiry';
import type { BlobName, Naming, ObjectStore, PutOptions, StoredBlob } from './object-store';

export interface ContentStoreOptions {
  readonly backend: BlobBackend;
  readonly codec: BlobCodec;
  /** Of puts that don't say. */
  readonly durable: boolean;
  /** See BlobMemory. */
  readonly memoryBytes: number;
}

/** The object store, whatever it lies on: keys, hashes and encryption. */
export class ContentStore implements ObjectStore {
  private readonly backend: BlobBackend;
  private readonly codec: BlobCodec;
  private readonly durable: boolean;
  private readonly memory: BlobMemory;

  constructor(options: ContentStoreOptions) {
    this.backend = options.backend;
    this.codec = options.codec;
    this.durable = options.durable;
    this.memory = new BlobMemory(options.memoryBytes);
  }

  async put(bytes: Uint8Array, options: PutOptions = {}): Promise<BlobRef> {
    const sha256 = sha256Of(bytes);
    const parts = this.partsOf(sha256, options);
    const { retentionSeconds, durable = this.durable } = options;
    const expiresAt = retentionSeconds === undefined ? FOREVER_SECONDS : expiryOf(retentionSeconds);
    const life = { expiresAt, durable };
    const size = this.codec.storedSize(bytes.byteLength);
    // What has a scope is put once: looking for it first would only cost time.
    if (options.scope !== undefined || !(await this.backend.prolong(parts, size, life))) {
      await this.backend.write(parts, this.codec.encode(bytes, parts), life);
    }
    const key = keyOfParts(parts);
    this.memory.keep(key, bytes);
    return { key, sha256, size: bytes.byteLength };
  }

  keyOf(bytes: Uint8Array, naming: Naming = {}): string {
    return keyOfParts(this.partsOf(sha256Of(bytes), naming));
  }

  async get({ key, sha256, size }: BlobName): Promise<Buffer> {
    const kept = this.memory.find(key);
    if (kept !== undefined) {
      return kept;
    }
    const parts = parsed(key);
    const stored = await this.backend.read(
      parts,
      size === undefined ? undefined : this.codec.storedSize(size),
    );
    if (stored === undefined) {
      throw new MienError('BLOB_LOST', 'a stored photo or crop is gone');
    }
    const bytes = this.codec.decode(stored, parts);
    if (sha256 !== undefined && !this.isHashOf(sha256, bytes, parts)) {
      throw new MienError('BLOB_LOST', 'a stored photo or crop is not the one that was meant');
    }
    return bytes;
  }

  async delete({ key }: BlobName): Promise<void> {
    this.memory.forget(key);
    const parts = parseBlobKey(key);
    if (parts !== undefined) {
      await this.backend.remove(parts);
    }
  }

  list(prefix?: string): AsyncIterable<readonly StoredBlob[]> {
    if (prefix !== undefined) {
      checkPrefix(prefix);
    }
    return this.backend.list(prefix);
  }

  sweep(): Promise<number> {
    return this.backend.sweep();
  }

  healthy(): Promise<boolean> {
    return this.backend.healthy();
  }

  /** The key tells without hashing again, unless it was made with an older encryption key. */
  private isHashOf(sha256: string, bytes: Buffer, parts: KeyParts): boolean {
    return this.codec.digestOf(sha256) === parts.digest || sha256Of(bytes) === sha256;
  }

  private partsOf(sha256: string, { prefix = 'blobs', scope }: Naming): KeyParts {
    return keyParts(prefix, this.codec.digestOf(sha256), scope);
  }
}

/** Throws BLOB_LOST for a key that is none of ours, which might lead anywhere. */
function parsed(key: string): KeyParts {
  const parts = parseBlobKey(key);
  if (parts === undefined) {
    throw new MienError('BLOB_LOST', 'not a key of this store');
  }
  return parts;
}
