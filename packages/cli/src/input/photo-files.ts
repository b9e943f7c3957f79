import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const PHOTO_ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);

/** The photos that the words of a command line name: files as they are, folders with all photos below them, sorted. */
export async function photoFiles(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(photosAt));
  return found.flat();
}

async function photosAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isPhoto(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Whether a file's ending says that it is a photo. */
export function isPhoto(name: string): boolean {
  return PHOTO_ENDINGS.has(extname(name).toLowerCase());
}
