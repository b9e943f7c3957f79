import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/**
 * The database's files, made when they are not there yet: under another name first, and put in place when they are
 * whole and on disk, so that a crash in between leaves nothing half made behind.
 */
export async function clusterIn(folder: string): Promise<string> {
  const path = join(folder, 'postgres');
  if (await exists(path)) {
    return path;
  }
  const unfinished = join(folder, 'postgres.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const database = await PGlite.create(unfinished);
  await database.close();
  await syncTree(unfinished);
  await rename(unfinished, path);
  await sync(folder);
  return path;
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? syncTree(path) : sync(path));
  }
  await sync(folder);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
