import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Of a blob's path, `<store>/<prefix>/<shard>/<name>`. */
const FOLDERS_ABOVE = 3;

/** Flushes a file, or the entries of a folder, to the disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes the entries that lead from the store's folder to a blob: any of them may be new, of another's making. */
export async function syncFolders(path: string): Promise<void> {
  let folder = path;
  for (let level = 0; level < FOLDERS_ABOVE; level += 1) {
    folder = dirname(folder);
    await syncFile(folder);
  }
}
