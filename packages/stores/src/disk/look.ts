import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';

/** Names of the folders inside, hidden ones left out. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

export async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
