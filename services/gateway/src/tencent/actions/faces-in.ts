import { MienError } from '@mien/errors';
import {
  DetectionOptions,
  DetectRequest,
  type DetectResponse,
  type FaceFeatures,
  type Image,
} from '@mien/proto';
import type { ActionContext } from '../action';
import { TencentError } from '../errors/tencent-error';

/** Pixels that a face has at least unless a request says otherwise. */
export const MINIMUM_FACE = 34;
/** The smallest that is looked for at all. */
const SMALLEST_FACE = 20;
const LARGEST_MINIMUM = 4_000;

type Asked = Partial<DetectionOptions> & { readonly features?: Partial<FaceFeatures> };

/** The faces of an image, largest first. Throws NoFaceInPhoto, or FaceSizeTooSmall when all are too small. */
export async function facesIn(
  image: Image,
  context: ActionContext,
  { features, ...detection }: Asked,
): Promise<DetectResponse> {
  const request = DetectRequest.fromPartial({ image, detection, features: features ?? {} });
  const found = await context.useCases.faces.detect(request, context.call);
  if (found.faces.length === 0) {
    throw await noFace(image, context, detection);
  }
  return found;
}

/** Does the work; when the photo has no face of the size that was asked for, tells whether it has smaller ones. */
export async function withFaceSize<T>(
  image: Image,
  context: ActionContext,
  detection: Partial<DetectionOptions>,
  work: (detection: DetectionOptions) => Promise<T>,
): Promise<T> {
  const minFaceSize = Math.min(LARGEST_MINIMUM, Math.max(SMALLEST_FACE, detection.minFaceSize ?? 0));
  try {
    return await work(DetectionOptions.fromPartial({ ...detection, minFaceSize }));
  } catch (error) {
    if (error instanceof MienError && error.reason === 'NO_FACE') {
      throw await noFace(image, context, detection);
    }
    throw error;
  }
}

async function noFace(
  image: Image,
  { useCases, call }: ActionContext,
  detection: Partial<DetectionOptions>,
): Promise<TencentError> {
  const smaller = { ...detection, minFaceSize: SMALLEST_FACE, maxFaces: 1 };
  const mayBeSmaller = (detection.minFaceSize ?? 0) > SMALLEST_FACE;
  const found = mayBeSmaller
    ? await useCases.faces.detect(DetectRequest.fromPartial({ image, detection: smaller }), call)
    : undefined;
  return new TencentError(
    found !== undefined && found.faces.length > 0
      ? 'FailedOperation.FaceSizeTooSmall'
      : 'InvalidParameterValue.NoFaceInPhoto',
  );
}
