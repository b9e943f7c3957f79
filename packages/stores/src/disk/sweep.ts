import { randomUUID } from 'node:crypto';
import { readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isSweepable } from '../expiry';
import { foldersIn, statIfThere } from './look';

/** A file left in `.incoming` by a process that died is removed when it is this old. */
const ABANDONED_MS = 3_600_000;

/** Removes what has expired under a local store's folder and returns how many blobs that were. */
export async function sweepFolder(folder: string): Promise<number> {
  const incoming = join(folder, '.incoming');
  await removeAbandoned(incoming);
  let removed = 0;
  for (const prefix of await foldersIn(folder)) {
    for (const shard of await foldersIn(join(folder, prefix))) {
      const inside = join(folder, prefix, shard);
      for (const name of await readdir(inside)) {
        removed += (await removeExpired(join(inside, name), incoming)) ? 1 : 0;
      }
    }
  }
  return removed;
}

/**
 * A put may prolong or rewrite the blob between our look and our removal: it is moved aside, looked at again,
 * and moved back when it has a new life.
 */
async function removeExpired(path: string, incoming: string): Promise<boolean> {
  const found = await statIfThere(path);
  if (found === undefined || !isSweepable(found.mtimeMs)) {
    return false;
  }
  const aside = join(incoming, `swept-${randomUUID()}`);
  try {
    await rename(path, aside);
  } catch {
    return false; // another process sweeps too
  }
  const again = await statIfThere(aside);
  if (again !== undefined && !isSweepable(again.mtimeMs)) {
    await rename(aside, path);
    return false;
  }
  await unlink(aside);
  return true;
}

async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await statIfThere(path);
    // ctime: the modification time of a blob on its way already holds its expiry.
    if (found !== undefined && found.ctimeMs + ABANDONED_MS < Date.now()) {
      await unlink(path).catch(() => undefined);
    }
  }
}
