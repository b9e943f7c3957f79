import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { MienError } from '@mien/errors';
import type { BlobRef } from '@mien/proto';
import { blobKey, type KeyParts, parseBlobKey, sha256Of } from './blob-key';
import { BlobMemory } from './blob-memory';
import { expiryOf, FOREVER_SECONDS, isExpired } from './expiry';
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

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/**
 * An object store in a folder, which several processes may share. A blob lies at
 * `<prefix>/<first two hex digits>/<sha256>`; its modification time is the moment when it expires.
 */
export class LocalDiskStore implements ObjectStore {
  private readonly made = new Set<string>();

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
    const path = this.pathOf(parsed(ref));
    const expiresAt =
      options.retentionSeconds === undefined ? FOREVER_SECONDS : expiryOf(options.retentionSeconds);
    // What has a scope is put once: looking for it first would only cost time.
    if (options.scope !== undefined || !(await this.prolong(path, ref.size, expiresAt))) {
      await this.write(path, bytes, expiresAt);
    }
    this.memory.keep(ref.key, bytes);
    return ref;
  }

  async get(ref: BlobRef): Promise<Buffer> {
    const kept = this.memory.find(ref.key);
    if (kept !== undefined) {
      return kept;
    }
    const bytes = await this.read(this.pathOf(parsed(ref)));
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
    const path = join(this.folder, '.incoming', randomUUID());
    try {
      const file = await open(path, 'wx', OWNER_ONLY_FILE);
      await file.close();
      await unlink(path);
      return true;
    } catch {
      return false;
    }
  }

  private pathOf({ prefix, name }: KeyParts): string {
    return join(this.folder, prefix, name.slice(0, 2), name);
  }

  /** Lets a blob that is already there live longer; false when it has to be written. */
  private async prolong(path: string, size: number, expiresAt: number): Promise<boolean> {
    try {
      const found = await stat(path);
      if (found.size !== size || isExpired(found.mtimeMs)) {
        return false;
      }
      if (found.mtimeMs / 1000 < expiresAt) {
        await utimes(path, expiresAt, expiresAt);
      }
      return true;
    } catch (error) {
      if (isMissing(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Writes beside and renames, so that no reader ever sees half a blob. */
  private async write(path: string, bytes: Uint8Array, expiresAt: number): Promise<void> {
    const incoming = join(this.folder, '.incoming', randomUUID());
    const file = await open(incoming, 'wx', OWNER_ONLY_FILE);
    try {
      await file.writeFile(bytes);
      await file.utimes(expiresAt, expiresAt);
      if (this.fsync) {
        await file.sync();
      }
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    const shard = join(path, '..');
    if (!this.made.has(shard)) {
      await mkdir(shard, { recursive: true, mode: OWNER_ONLY_FOLDER });
      this.made.add(shard);
    }
    await rename(incoming, path);
    if (this.fsync) {
      await syncFolder(shard);
    }
  }

  private async read(path: string): Promise<Buffer> {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) {
        throw new MienError('BLOB_LOST', 'a stored photo or crop is gone', { cause: error });
      }
      throw error;
    }
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

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
