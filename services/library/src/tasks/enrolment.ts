import { randomBytes } from 'node:crypto';
import { MienError } from '@mien/errors';
import type { NewFace } from '@mien/people';
import type { FaceOnLine, Photo } from '@mien/proto';
import type { StageContext } from '@mien/service';
import { ENROLLED_CROPS, ENROLLED_PHOTOS, type Library } from '../library';
import { alignedPicture } from './aligned-picture';
import type { PresentedFace } from './presented-face';
import { furtherTemplates } from './templates';

/** A face that is about to be enrolled. */
export interface FaceToEnrol extends PresentedFace {
  readonly id: string;
  readonly modelVersion: string;
  /** That the face was found in. */
  readonly photo: Photo | undefined;
}

/** A blob of a face: its bytes, and where they are going to lie. */
interface Blob {
  readonly key: string;
  readonly bytes: Buffer;
  readonly prefix: string;
  readonly scope: string;
}

interface FaceWithBlobs {
  readonly face: FaceToEnrol;
  readonly crop?: Blob;
  readonly photo?: Blob;
}

/** Bytes of chance in the keys of an attempt: a key that an earlier one gave up may be deleted late. */
const CHANCE_BYTES = 8;

/**
 * Stores crops and photos of faces for good and has `commit` enrol the faces with them. Until it has, the blobs are
 * only reserved: whatever breaks off in between, they are deleted some time later. Throws INTERNAL for faces that the
 * line did not finish, BLOB_LOST when a photo is gone, what the stores throw, and what commit throws.
 */
export async function enrolFaces<T>(
  faces: readonly FaceToEnrol[],
  library: Library,
  context: StageContext,
  commit: (faces: readonly NewFace[]) => Promise<T>,
): Promise<T> {
  context.signal.throwIfAborted();
  const prepared = await Promise.all(faces.map((face) => withBlobs(face, library, context)));
  const blobs = prepared.flatMap(({ crop, photo }) => [crop, photo]).filter((blob) => blob !== undefined);
  const keys = blobs.map(({ key }) => key);
  await library.people.reserveBlobs(keys, library.settings.enrolmentLeaseSeconds);
  try {
    await putAll(blobs, library);
    return await commit(prepared.map(newFace));
  } catch (error) {
    await release(keys, library);
    throw error;
  }
}

/** Returns or throws when no put is under way any more: one that ends after its blob was deleted would leave it. */
async function putAll(blobs: readonly Blob[], { objects }: Library): Promise<void> {
  const puts = await Promise.allSettled(
    blobs.map(({ bytes, prefix, scope }) => objects.put(bytes, { prefix, scope, durable: true })),
  );
  const failed = puts.find((put) => put.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
}

/** What was not committed need not wait for its lease to end. If this fails too, the lease does end. */
async function release(keys: readonly string[], { people, logger }: Library): Promise<void> {
  try {
    await people.releaseBlobs(keys);
  } catch (error) {
    logger.warn({ err: error }, 'blobs of an enrolment that failed stay until their lease ends');
  }
}

async function withBlobs(face: FaceToEnrol, library: Library, context: StageContext): Promise<FaceWithBlobs> {
  if (face.inPhoto === undefined) {
    return { face };
  }
  const scope = `${face.id.replaceAll('-', '')}${randomBytes(CHANCE_BYTES).toString('hex')}`;
  const blob = (prefix: string, bytes: Buffer): Blob => ({
    key: library.objects.keyOf(bytes, { prefix, scope }),
    bytes,
    prefix,
    scope,
  });
  const crop = blob(ENROLLED_CROPS, await alignedPicture(face.inPhoto));
  const image = face.photo?.image;
  return library.settings.keepPhotos && image !== undefined
    ? { face, crop, photo: blob(ENROLLED_PHOTOS, await context.readImage(image)) }
    : { face, crop };
}

/** A face that came as a template has neither place nor quality: box and quality are all 0. */
function newFace({ face, crop, photo }: FaceWithBlobs): NewFace {
  const { id, modelVersion, template, inPhoto } = face;
  return {
    id,
    modelVersion,
    template,
    furtherTemplates: inPhoto === undefined ? [] : furtherTemplates(inPhoto, modelVersion),
    box: inPhoto === undefined ? { x: 0, y: 0, width: 0, height: 0 } : boxOf(inPhoto),
    quality: inPhoto === undefined ? 0 : qualityOf(inPhoto),
    ...(crop === undefined ? {} : { cropKey: crop.key }),
    ...(photo === undefined ? {} : { photoKey: photo.key }),
  };
}

function boxOf({ answer }: FaceOnLine): NewFace['box'] {
  if (answer?.box === undefined) {
    throw new MienError('INTERNAL', 'a face came to be enrolled without its box');
  }
  return answer.box;
}

function qualityOf({ answer }: FaceOnLine): number {
  if (answer?.quality === undefined) {
    throw new MienError('INTERNAL', 'a face came to be enrolled without its quality');
  }
  return answer.quality.score;
}
