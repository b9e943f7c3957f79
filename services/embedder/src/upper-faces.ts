import { MienError } from '@mien/errors';
import { type FaceOnLine, type Job, MaskedComparison, type Similarity } from '@mien/proto';
import type { StageContext } from '@mien/service';
import { maskIsLikely, similarity, type UpperFaceEmbedder } from '@mien/vision';
import { alignedPicture } from './aligned-picture';
import type { Embedders } from './embedders';

/**
 * What compares the job's faces by what masks leave free; undefined when they are to be compared whole. Throws
 * MODEL_PACK_INVALID when the job insists and the model was not measured on masks.
 */
export function upperFacesFor(job: Job, { upperFaces }: Embedders): UpperFaceEmbedder | undefined {
  switch (job.options?.masked) {
    case MaskedComparison.MASKED_COMPARISON_ON:
      if (upperFaces === undefined) {
        throw new MienError('MODEL_PACK_INVALID', 'the embedding model has no settings for masked faces');
      }
      return upperFaces;
    case MaskedComparison.MASKED_COMPARISON_AUTO:
      return comparedFaces(job).some(({ answer }) => maskIsLikely(answer?.attributes ?? UNKNOWN))
        ? upperFaces
        : undefined;
    default:
      return undefined;
  }
}

const UNKNOWN = { mask: undefined };

/** Undefined when one of the photos has no face to compare; its problem then says why. */
export async function compareUpperFaces(
  job: Job,
  upperFaces: UpperFaceEmbedder,
  context: StageContext,
): Promise<Similarity | undefined> {
  const aligned = comparedFaces(job).map(alignedPicture);
  if (aligned.length < 2) {
    return undefined;
  }
  const [a, b] = await context.inference(aligned.length, () => upperFaces.embed(aligned));
  return a && b && { ...similarity(a, b, upperFaces.calibration), upperFaceOnly: true };
}

/** The first face of each photo; fewer when a photo has none or a problem. */
function comparedFaces({ photos }: Job): FaceOnLine[] {
  return photos.flatMap(({ faces, problem }) => (problem ? [] : faces.slice(0, 1)));
}
