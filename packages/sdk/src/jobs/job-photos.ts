import { stat } from 'node:fs/promises';
import { EnrolledPerson, type Gender, type JobPhoto } from '@mien/proto';
import { isWebAddress, type PhotoSource, toImage } from '../photo';
import { given } from '../settings';
import { inParallel } from './in-parallel';

/** Whose photo it is, where the work is to enrol: a new person, or one that is in the library. */
export interface PhotoOwner {
  readonly id: string;
  readonly name?: string;
  readonly gender?: Gender;
}

/** A photo of a job: to be sent, or sent before with `upload`. */
export type JobPhotoSource = {
  /** The caller's own, told with the result; at most 256 bytes. */
  readonly name?: string;
  readonly person?: PhotoOwner;
} & ({ readonly photo: PhotoSource } | { readonly uploadId: string });

/**
 * Photos that are more than this together go one by one before the job, several at once: a lost connection then costs
 * some of them, and no more than those under way are in memory.
 */
const TOGETHER_BYTES = 16 * 1024 * 1024;
const UPLOADS_AT_ONCE = 6;

export interface Uploading {
  /** Answers the id of the upload. */
  upload(photo: PhotoSource): Promise<string>;
  /** After each photo that was uploaded. */
  uploaded(): void;
}

/** The photos as the request holds them, uploaded where they are too much for one. Throws what reading a file throws. */
export async function toJobPhotos(
  photos: readonly JobPhotoSource[],
  { upload, uploaded }: Uploading,
): Promise<JobPhoto[]> {
  const sizes = await inParallel(photos, UPLOADS_AT_ONCE, sizeOf);
  if (sizes.reduce((sum, size) => sum + size, 0) <= TOGETHER_BYTES) {
    return Promise.all(photos.map(async (photo) => jobPhoto(photo, await inRequest(photo))));
  }
  return inParallel(photos, UPLOADS_AT_ONCE, async (photo) => {
    if ('uploadId' in photo || isWebAddress(photo.photo)) {
      return jobPhoto(photo, await inRequest(photo));
    }
    const value = await upload(photo.photo);
    uploaded();
    return jobPhoto(photo, { $case: 'uploadId', value });
  });
}

async function sizeOf(source: JobPhotoSource): Promise<number> {
  if ('uploadId' in source || isWebAddress(source.photo)) {
    return 0;
  }
  return source.photo instanceof Uint8Array ? source.photo.byteLength : (await stat(source.photo)).size;
}

async function inRequest(source: JobPhotoSource): Promise<JobPhoto['source']> {
  if ('uploadId' in source) {
    return { $case: 'uploadId', value: source.uploadId };
  }
  return (await toImage(source.photo)).source;
}

function jobPhoto({ name = '', person }: JobPhotoSource, source: JobPhoto['source']): JobPhoto {
  return { name, source, person: person && EnrolledPerson.fromPartial(given(person)) };
}
