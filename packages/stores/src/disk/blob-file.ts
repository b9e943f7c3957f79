import {
  closeSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isExpired } from '../expiry';
import { syncFile, syncFolders } from './sync';

export const OWNER_ONLY_FOLDER = 0o700;
export const OWNER_ONLY_FILE = 0o600;

/**
 * Files up to this size are written (unless they are flushed) and read by synchronous calls, which end in the
 * page cache: less time than five trips to the thread pool, where pictures are decoded, and back. Removing is
 * synchronous for the same reason.
 */
const QUICK_BYTES = 1_048_576;

export interface BlobFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Seconds since 1970; becomes the modification time. */
  readonly expiresAt: number;
}

/** Writes to `incoming` and renames, so that no reader ever sees half a blob. */
export async function writeBlobFile(file: BlobFile, incoming: string, durable: boolean): Promise<void> {
  if (!durable && file.bytes.byteLength <= QUICK_BYTES) {
    writeQuickly(file, incoming);
  } else {
    await writeThrough(file, incoming, durable);
  }
}

/** Undefined when there is none. */
export async function readBlobFile(
  path: string,
  expectedBytes: number | undefined,
): Promise<Buffer | undefined> {
  try {
    const quickly = expectedBytes !== undefined && expectedBytes <= QUICK_BYTES;
    return quickly ? readFileSync(path) : await readFile(path);
  } catch (error) {
    return missingAsUndefined(error);
  }
}

/** Lets a blob of this size that is already there live longer; false when it has to be written. */
export function prolongBlobFile(path: string, size: number, expiresAt: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.size !== size || isExpired(found.mtimeMs)) {
    return false;
  }
  if (found.mtimeMs / 1000 < expiresAt) {
    utimesSync(path, expiresAt, expiresAt);
  }
  return true;
}

/** Also when there is none. */
export function removeBlobFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    missingAsUndefined(error);
  }
}

/** Puts a file that was not flushed when it was written, and the entries that lead to it, on the disk. */
export async function syncBlobFile(path: string): Promise<void> {
  await syncFile(path);
  await syncFolders(path);
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
  durable: boolean,
): Promise<void> {
  const file = await open(incoming, 'wx', OWNER_ONLY_FILE);
  try {
    await file.writeFile(bytes);
    await file.utimes(expiresAt, expiresAt);
    if (durable) {
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
  if (durable) {
    await syncFolders(path);
  }
}

function missingAsUndefined(error: unknown): undefined {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
    return undefined;
  }
  throw error;
}
