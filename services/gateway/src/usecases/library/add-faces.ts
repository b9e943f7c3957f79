import { MienError } from '@mien/errors';
import {
  type AddedFace,
  type AddFacesRequest,
  type AddFacesResponse,
  FaceSelection,
  type Image,
  LibraryServiceService,
} from '@mien/proto';
import type { Call } from '../call';
import { MAX_PHOTOS_BYTES } from '../limits';
import { obtainPhoto } from '../photo-intake';
import type { LibraryDependencies } from '../ports';
import { answerOf, featuresFor, runTask } from './library-task';
import { validateAddFaces } from './validation';

/** Enrols further faces of a person. What is wrong with one photo is that photo's answer; the others go on. */
export async function addFaces(
  request: AddFacesRequest,
  call: Call,
  deps: LibraryDependencies,
): Promise<AddFacesResponse> {
  validateAddFaces(request);
  const obtained = await Promise.all(request.images.map((image, index) => obtain(image, index, call, deps)));
  const photos = obtained.filter((one) => Buffer.isBuffer(one));
  refuseTooMuch(photos);
  const enrolled = photos.length > 0 ? await enrol(request, photos, call, deps) : [];
  if (photos.length === 0) {
    // Nothing to enrol: still, whether the person is there comes before what is wrong with the photos.
    await deps.library.call(LibraryServiceService.getPerson, { id: request.personId }, call);
  }
  const answers = enrolled.values();
  return { results: obtained.map((one) => (Buffer.isBuffer(one) ? next(answers) : one)) };
}

async function enrol(
  request: AddFacesRequest,
  photos: readonly Buffer[],
  call: Call,
  deps: LibraryDependencies,
): Promise<AddedFace[]> {
  const options = {
    detection: request.detection,
    features: featuresFor({ quality: true }),
    only: FaceSelection.FACE_SELECTION_LARGEST,
    faceRequired: true,
    qualityControl: request.qualityControl,
  };
  const value = { ...request, images: [] };
  const job = await runTask(
    { $case: 'addFaces', value },
    { photos, options, priority: request.priority },
    call,
    deps,
  );
  return answerOf('addFaces', job).results;
}

/** The photo's bytes, or why there are none. */
async function obtain(
  image: Image,
  index: number,
  call: Call,
  deps: LibraryDependencies,
): Promise<Buffer | AddedFace> {
  try {
    return await obtainPhoto(image, `images[${index}]`, deps.fetcher, call.signal);
  } catch (error) {
    if (error instanceof MienError && error.reason !== 'DEADLINE_EXCEEDED') {
      const { reason, message } = error;
      return { result: { $case: 'refusal', value: { reason, message } } };
    }
    throw error;
  }
}

function refuseTooMuch(photos: readonly Buffer[]): void {
  const total = photos.reduce((sum, photo) => sum + photo.length, 0);
  if (total > MAX_PHOTOS_BYTES) {
    throw new MienError('IMAGE_TOO_LARGE', `the photos have together more than ${MAX_PHOTOS_BYTES} bytes`, {
      metadata: { field: 'images', limitBytes: String(MAX_PHOTOS_BYTES) },
    });
  }
}

function next(answers: IterableIterator<AddedFace>): AddedFace {
  const { value, done } = answers.next();
  if (done) {
    throw new MienError('INTERNAL', 'the library answered for fewer photos than it was given');
  }
  return value;
}
