import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MienError } from '@mien/errors';
import { BlobCodec, type BlobEncryption } from '../blob-codec';
import { ContentStore } from '../content-store';
import { OWNER_ONLY_FOLDER } from './blob-file';
import { DiskBackend } from './disk-backend';
import { syncFile } from './sync';

export interface LocalDiskOptions {
  /** Made when missing, with access for its owner only. */
  readonly folder: string;
  /**
   * Whether puts that don't say are durable. Leave it off for work in progress, which the bus does not flush
   * either. On unless given.
   */
  readonly fsync?: boolean;
  /**
   * The newest blobs that this process put are also kept in memory, up to so many bytes, for where the same
   * process gets them again. None unless given.
   */
  readonly memoryBytes?: number;
  /** Encrypts what is written. */
  readonly encryption?: BlobEncryption;
}

/** An object store in a folder, which several processes may share. */
export class LocalDiskStore extends ContentStore {
  /** Throws CONFIGURATION_INVALID when the folder is not to be had. */
  static async open(options: LocalDiskOptions): Promise<LocalDiskStore> {
    const folder = resolve(options.folder);
    await prepare(folder).catch((error: unknown) => {
      throw new MienError('CONFIGURATION_INVALID', `the folder ${folder} can't be used`, { cause: error });
    });
    return new LocalDiskStore({
      backend: new DiskBackend(folder),
      codec: new BlobCodec(options.encryption),
      durable: options.fsync ?? true,
      memoryBytes: options.memoryBytes ?? 0,
    });
  }
}

async function prepare(folder: string): Promise<void> {
  await mkdir(join(folder, '.incoming'), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await chmod(folder, OWNER_ONLY_FOLDER);
  await syncFile(dirname(folder));
}
