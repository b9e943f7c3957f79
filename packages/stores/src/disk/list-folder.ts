import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FOREVER_SECONDS } from '../expiry';
import type { StoredBlob } from '../object-store';
import { foldersIn, statIfThere } from './look';

/** Files looked at at once. */
const BATCH = 500;

/** What lies under a local store's folder, all of it or of one prefix. */
export async function* listFolder(
  folder: string,
  prefix: string | undefined,
): AsyncGenerator<readonly StoredBlob[]> {
  const prefixes = await foldersIn(folder);
  for (const each of prefixes.filter((name) => prefix === undefined || name === prefix)) {
    for (const shard of await foldersIn(join(folder, each))) {
      const inside = join(folder, each, shard);
      const names = await readdir(inside);
      for (let start = 0; start < names.length; start += BATCH) {
        const found = names.slice(start, start + BATCH).map((name) => blobAt(inside, each, name));
        yield (await Promise.all(found)).filter((blob) => blob !== undefined);
      }
    }
  }
}

async function blobAt(folder: string, prefix: string, name: string): Promise<StoredBlob | undefined> {
  const found = await statIfThere(join(folder, name));
  return found === undefined
    ? undefined
    : {
        key: `${prefix}/${name}`,
        size: found.size,
        // The modification time holds the expiry; a put is the last to change anything else about the file.
        putAt: found.ctime,
        temporary: found.mtimeMs / 1000 < FOREVER_SECONDS,
      };
}
