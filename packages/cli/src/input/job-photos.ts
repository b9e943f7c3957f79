import { stat } from 'node:fs/promises';
import type { PhotoOwner } from '@mien/sdk';
import { CommandError } from '../commands/failure';
import { personsIn } from './person-folder';
import { photoFiles } from './photo-files';

/** A photo of a job, named as the command line did. */
export interface GivenPhoto {
  readonly name: string;
  /** A path or a web address. */
  readonly photo: string;
  readonly person?: PhotoOwner;
}

/** What is not sent at all, and why. */
export interface LeftOut {
  readonly photo: string;
  readonly reason: string;
  readonly message: string;
}

interface Found {
  readonly photos: readonly GivenPhoto[];
  readonly leftOut: readonly LeftOut[];
}

/** What the platform takes. */
const LARGEST_BYTES = 10 * 1024 * 1024;
const LONGEST_NAME_BYTES = 256;
/** Of a person's name; ids may be longer. */
const LONGEST_PERSON_NAME = 60;
const WEB = /^https?:\/\//i;

/** Photos, folders of them and web addresses, in their order; without those that are known not to be taken. */
export async function givenPhotos(paths: readonly string[]): Promise<Found> {
  const found = await Promise.all(paths.map((path) => (WEB.test(path) ? [path] : photoFiles([path]))));
  return checked(found.flat().map((photo) => ({ name: nameOf(photo), photo })));
}

/** The photos of folders of people, each with whose it is; see personsIn. */
export async function photosOfPersons(folders: readonly string[]): Promise<Found> {
  const photos: GivenPhoto[] = [];
  const leftOut: LeftOut[] = [];
  for (const folder of folders) {
    if (WEB.test(folder) || !(await stat(folder)).isDirectory()) {
      throw new CommandError(`${folder} is no folder: to enrol takes folders of people, as mien enrol does`);
    }
    for (const { id, path, photos: files, complaint } of await personsIn(folder)) {
      if (complaint !== undefined) {
        leftOut.push({ photo: path, reason: 'ARGUMENT_INVALID', message: complaint });
        continue;
      }
      const person = { id, name: id.slice(0, LONGEST_PERSON_NAME) };
      photos.push(...files.map((photo) => ({ name: nameOf(photo), photo, person })));
    }
  }
  const { photos: taken, leftOut: others } = await checked(photos);
  return { photos: taken, leftOut: [...leftOut, ...others] };
}

async function checked(given: readonly GivenPhoto[]): Promise<Found> {
  const photos: GivenPhoto[] = [];
  const leftOut: LeftOut[] = [];
  for (const photo of given) {
    const size = WEB.test(photo.photo) ? 1 : (await stat(photo.photo)).size;
    if (size > LARGEST_BYTES) {
      const message = `${size} bytes; at most ${LARGEST_BYTES} are taken`;
      leftOut.push({ photo: photo.photo, reason: 'IMAGE_TOO_LARGE', message });
    } else if (size === 0) {
      leftOut.push({ photo: photo.photo, reason: 'IMAGE_MISSING', message: 'an empty file' });
    } else {
      photos.push(photo);
    }
  }
  return { photos, leftOut };
}

/** The path, or of one that is too long, its end. */
function nameOf(path: string): string {
  const bytes = Buffer.from(path);
  // Three bytes less: a character that the cut goes through becomes a replacement character of three.
  return bytes.length <= LONGEST_NAME_BYTES
    ? path
    : bytes.subarray(bytes.length - LONGEST_NAME_BYTES + 3).toString();
}
