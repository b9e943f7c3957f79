import { MienError } from '@mien/errors';
import { type CompareRequest, type CompareResponse, type Face, FaceSelection, type Image } from '@mien/proto';
import { aboutPhoto, answeredPhoto, onlyFace, shapeFace } from './answers';
import type { Call } from './call';
import { obtainPhoto } from './photo-intake';
import type { Dependencies, PhotoFetcher } from './ports';
import { runJob } from './run-job';
import { validateCompare } from './validation';

/** How like each other the chosen faces of two photos are. Errors of one photo name it: `photo` is a or b. */
export async function compare(
  request: CompareRequest,
  call: Call,
  deps: Dependencies,
): Promise<CompareResponse> {
  validateCompare(request);
  const photos = await obtainBoth(request.imageA, request.imageB, deps.fetcher, call.signal);
  const quality = request.qualityControl > 0;
  const options = {
    detection: request.detection,
    features: { landmarks: false, mesh: false, quality, attributes: false, liveness: false, template: false },
    only: chosen(request.selection),
    compare: true,
    masked: request.masked,
    faceRequired: true,
    qualityControl: request.qualityControl,
  };
  const job = await runJob({ photos, options, priority: request.priority }, call, deps);
  const face = (index: number, name: string): Face =>
    naming(name, () => shapeFace(onlyFace(answeredPhoto(job.photos, index)), { quality }));
  const [faceA, faceB] = [face(0, 'a'), face(1, 'b')];
  if (job.similarity === undefined) {
    throw new MienError('INTERNAL', 'the line answered without a similarity');
  }
  return { similarity: job.similarity, faceA, faceB };
}

function chosen(selection: FaceSelection): FaceSelection {
  return selection === FaceSelection.FACE_SELECTION_UNSPECIFIED
    ? FaceSelection.FACE_SELECTION_LARGEST
    : selection;
}

/** Both photos at once; when one fails, the fetch of the other is given up. */
async function obtainBoth(
  imageA: Image | undefined,
  imageB: Image | undefined,
  fetcher: PhotoFetcher,
  signal: AbortSignal,
): Promise<[Buffer, Buffer]> {
  const other = new AbortController();
  const either = AbortSignal.any([signal, other.signal]);
  try {
    return await Promise.all([
      obtainPhoto(imageA, 'image_a', fetcher, either).catch((error: unknown) => rethrowNaming('a', error)),
      obtainPhoto(imageB, 'image_b', fetcher, either).catch((error: unknown) => rethrowNaming('b', error)),
    ]);
  } finally {
    other.abort();
  }
}

function naming<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return rethrowNaming(name, error);
  }
}

function rethrowNaming(name: string, error: unknown): never {
  const ofPhoto = error instanceof MienError && error.reason !== 'DEADLINE_EXCEEDED';
  throw ofPhoto ? aboutPhoto(error, name) : error;
}
