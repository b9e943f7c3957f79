import {
  closeSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isExpired } from './expiry';

export const OWNER_ONLY_FOLDER = 0o700;
export const OWNER_ONLY_FILE = 0o600;

/**
 * Files up to this size are written (unless they are flushed) and read by synchronous calls, which end in the
 * page cache: less time than five trips to the thread pool, where pictures are decoded, and back.
 */
const QUICK_BYTES = 1_048_576;

export interface BlobFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Seconds since 1970; becomes the modification time. */
  readonly expiresAt: number;
}

/** Writes to `incoming` and renames, so that no reader ever sees half a blob. */
export async function writeBlobFile(file: BlobFile, incoming: string, fsync: boolean): Promise<void> {
  if (!fsync && file.bytes.byteLength <= QUICK_BYTES) {
    writeQuickly(file, incoming);
  } else {
    await writeThrough(file, incoming, fsync);
  }
}

/** Undefined when there is none. */
export async function readBlobFile(path: string, expectedBytes: number): Promise<Buffer | undefined> {
  try {
    return expectedBytes <= QUICK_BYTES ? readFileSync(path) : await readFile(path);
  } catch (error) {
    return missingAsUndefined(error);
  }
}

/** Lets a blob that is already there live longer; false when it has to be written. */
export function prolongBlobFile({ path, bytes, expiresAt }: BlobFile): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.size !== bytes.byteLength || isExpired(found.mtimeMs)) {
    return false;
  }
  if (found.mtimeMs / 1000 < expiresAt) {
    utimesSync(path, expiresAt, expiresAt);
  }
  return true;
}

function writeQuickly({ path, bytes, expiresAt }: BlobFile, incoming: string): void {
  const file = openSync(incoming, 'wx', OWNER_ONLY_FILE);
  try {
    writeFileSync(file, bytes);
    futimesSync(file, expiresAt, expiresAt);
  } catch (error) {
    rmSync(incoming, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  try {
    renameSync(incoming, path);
  } catch (error) {
    missingAsUndefined(error);
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    renameSync(incoming, path);
  }
}

async function writeThrough(
  { path, bytes, expiresAt }: BlobFile,
  incoming: string,
  fsync: boolean,
): Promise<void> {
  const file = await open(incoming, 'wx', OWNER_ONLY_FILE);
  try {
    await file.writeFile(bytes);
    await file.utimes(expiresAt, expiresAt);
    if (fsync) {
      await file.sync();
    }
  } catch (error) {
    await rm(incoming, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await rename(incoming, path);
  if (fsync) {
    await syncFolder(dirname(path));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missingAsUndefined(error: unknown): undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
    return undefined;
  }
  throw error;
}
