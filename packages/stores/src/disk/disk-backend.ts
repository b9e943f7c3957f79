import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MienError } from '@mien/errors';
import type { BlobBackend, BlobLife } from '../blob-backend';
import type { KeyParts } from '../blob-key';
import type { StoredBlob } from '../object-store';
import {
  OWNER_ONLY_FILE,
  prolongBlobFile,
  readBlobFile,
  removeBlobFile,
  syncBlobFile,
  writeBlobFile,
} from './blob-file';
import { listFolder } from './list-folder';
import { sweepFolder } from './sweep';

/**
 * Blobs in a folder, which several processes may share. A blob lies at `<prefix>/<first two hex digits>/<name>`;
 * its modification time is the moment when it expires.
 */
export class DiskBackend implements BlobBackend {
  constructor(private readonly folder: string) {}

  async write(parts: KeyParts, bytes: Uint8Array, { expiresAt, durable }: BlobLife): Promise<void> {
    const file = { path: this.pathOf(parts), bytes, expiresAt };
    await writeBlobFile(file, this.incoming(), durable).catch(unavailable);
  }

  prolong(parts: KeyParts, size: number, { expiresAt, durable }: BlobLife): boolean | Promise<boolean> {
    const path = this.pathOf(parts);
    const there = prolongIfThere(path, size, expiresAt);
    return there && durable
      ? syncBlobFile(path).then(
          () => true,
          () => false, // gone meanwhile: to be written
        )
      : there;
  }

  read(parts: KeyParts, expectedBytes: number | undefined): Promise<Buffer | undefined> {
    return readBlobFile(this.pathOf(parts), expectedBytes).catch(unavailable);
  }

  async remove(parts: KeyParts): Promise<void> {
    try {
      removeBlobFile(this.pathOf(parts));
    } catch (error) {
      unavailable(error);
    }
  }

  async *list(prefix: string | undefined): AsyncGenerator<readonly StoredBlob[]> {
    try {
      yield* listFolder(this.folder, prefix);
    } catch (error) {
      unavailable(error);
    }
  }

  sweep(): Promise<number> {
    return sweepFolder(this.folder).catch(unavailable);
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

function prolongIfThere(path: string, size: number, expiresAt: number): boolean {
  try {
    return prolongBlobFile(path, size, expiresAt);
  } catch {
    return false; // swept meanwhile: to be written
  }
}

/** A full disk, a folder that is gone or not ours: for the operators to mend, after which the same works. */
function unavailable(error: unknown): never {
  throw new MienError('OBJECT_STORE_UNAVAILABLE', "the object store's folder can't be used", {
    cause: error,
  });
}
