import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MienError } from '@mien/errors';
import type { BlobRef } from '@mien/proto';
import {
  OWNER_ONLY_FILE,
  OWNER_ONLY_FOLDER,
  prolongBlobFile,
  readBlobFile,
  writeBlobFile,
} from './blob-file';
import { blobKey, type KeyParts, parseBlobKey, sha256Of } from './blob-key';
import { BlobMemory } from './blob-memory';
import { expiryOf, FOREVER_SECONDS } from './expiry';
import type { ObjectStore, PutOptions } from './object-store';
import { sweepFolder } from './sweep';

export interface LocalDiskOptions {
  /** Made when missing, with access for its owner only. */
  readonly folder: string;
  /**
   * Flush file and folder to the disk before a put returns, so that a blob outlives a power cut. Costs a disk
   * round trip per put; leave it off for work in progress, which the bus does not flush either.
   */
  readonly fsync?: boolean;
  /**
   * The newest blobs that this process put are also kept in memory, up to so many bytes, for where the same
   * process gets them again. None unless given.
   */
  readonly memoryBytes?: number;
}

/**
 * An object store in a folder, which several processes may share. A blob lies at
 * `<prefix>/<first two hex digits>/<sha256>`; its modification time is the moment when it expires.
 */
export class LocalDiskStore implements ObjectStore {
  private constructor(
    private readonly folder: string,
    private readonly fsync: boolean,
    private readonly memory: BlobMemory,
  ) {}

  static async open(options: LocalDiskOptions): Promise<LocalDiskStore> {
    await mkdir(join(options.folder, '.incoming'), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await chmod(options.folder, OWNER_ONLY_FOLDER);
    return new LocalDiskStore(
      options.folder,
      options.fsync ?? true,
      new BlobMemory(options.memoryBytes ?? 0),
    );
  }

  async put(bytes: Uint8Array, options: PutOptions = {}): Promise<BlobRef> {
    const sha256 = sha256Of(bytes);
    const prefix = options.prefix ?? 'blobs';
    const ref = { key: blobKey(prefix, sha256, options.scope), sha256, size: bytes.byteLength };
    const expiresAt =
      options.retentionSeconds === undefined ? FOREVER_SECONDS : expiryOf(options.retentionSeconds);
    const file = { path: this.pathOf(parsed(ref)), bytes, expiresAt };
    // What has a scope is put once: looking for it first would only cost time.
    if (options.scope !== undefined || !prolongBlobFile(file)) {
      await writeBlobFile(file, this.incoming(), this.fsync);
    }
    this.memory.keep(ref.key, bytes);
    return ref;
  }

  async get(ref: BlobRef): Promise<Buffer> {
    const kept = this.memory.find(ref.key);
    if (kept !== undefined) {
      return kept;
    }
    const bytes = await readBlobFile(this.pathOf(parsed(ref)), ref.size);
    if (bytes === undefined) {
      throw new MienError('BLOB_LOST', 'a stored photo or crop is gone');
    }
    if (bytes.byteLength !== ref.size || sha256Of(bytes) !== ref.sha256) {
      throw new MienError('BLOB_LOST', 'a stored photo or crop is damaged');
    }
    return bytes;
  }

  async delete(ref: BlobRef): Promise<void> {
    this.memory.forget(ref.key);
    await rm(this.pathOf(parsed(ref)), { force: true });
  }

  sweep(): Promise<number> {
    return sweepFolder(this.folder);
  }

  async healthy(): Promise<boolean> {
    const path = this.incoming();
    try {
      const file = await open(path, 'wx', OWNER_ONLY_FILE);
      await file.close();
      await unlink(path);
      return true;
    } catch {
      return false;
    }
  }

  private incoming(): string {
    return join(this.folder, '.incoming', randomUUID());
  }

  private pathOf({ prefix, name }: KeyParts): string {
    return join(this.folder, prefix, name.slice(0, 2), name);
  }
}

/** Throws BLOB_LOST for a key that is none of ours, which might lead anywhere. */
function parsed(ref: BlobRef): KeyParts {
  const parts = parseBlobKey(ref.key);
  if (parts === undefined || parts.sha256 !== ref.sha256) {
    throw new MienError('BLOB_LOST', 'not a key of this store');
  }
  return parts;
}
