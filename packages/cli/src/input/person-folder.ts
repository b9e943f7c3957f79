import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { isPhoto, photoFiles } from './photo-files';

/** Somebody as a folder names them: a photo by itself, or a folder of photos. */
export interface PersonEntry {
  /** The name of the photo without its ending, or of the folder. */
  readonly id: string;
  readonly path: string;
  /** Sorted. Empty when the folder has none. */
  readonly photos: readonly string[];
  /** Why nobody can be enrolled from it, known before anything is sent. */
  readonly complaint?: string;
}

/** As mien/v1/library.proto says it. */
const ID = /^[A-Za-z0-9\-%@#&_]{1,64}$/;

/** The persons of a folder, sorted by name. Other files, and those whose names begin with a dot, are left alone. */
export async function personsIn(folder: string): Promise<PersonEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const persons: PersonEntry[] = [];
  const pathOfId = new Map<string, string>();
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const hidden = entry.name.startsWith('.');
    if (hidden || !(entry.isDirectory() || (entry.isFile() && isPhoto(entry.name)))) {
      continue;
    }
    const id = entry.isDirectory() ? entry.name : parse(entry.name).name;
    const photos = await photoFiles([path]);
    const complaint = complaintAbout(id, photos, pathOfId.get(id));
    pathOfId.set(id, pathOfId.get(id) ?? path);
    persons.push({ id, path, photos, ...(complaint === undefined ? {} : { complaint }) });
  }
  return persons;
}

function complaintAbout(
  id: string,
  photos: readonly string[],
  other: string | undefined,
): string | undefined {
  if (!ID.test(id)) {
    return `"${id}" can't be the id of a person: 1 to 64 letters, digits and -%@#&_; rename it`;
  }
  if (other !== undefined) {
    return `the same id, ${id}, as ${other}`;
  }
  return photos.length === 0 ? 'a folder without photos' : undefined;
}
