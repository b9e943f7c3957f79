import { CompareRequest, FaceSelection, type Image, Role } from '@mien/proto';
import { z } from 'zod';
import { type ActionContext, action } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { score } from '../schema/structures';
import { answered } from './answered';
import { rescaled } from './scores';

interface TwoPhotos {
  readonly ImageA?: string | undefined;
  readonly UrlA?: string | undefined;
  readonly ImageB?: string | undefined;
  readonly UrlB?: string | undefined;
}

export const compareFace = action({
  role: Role.ROLE_READ,
  request: z.object({
    ...field.twoPhotos,
    FaceModelVersion: field.modelVersion,
    QualityControl: field.qualityControl,
    NeedRotateDetection: field.flag,
    /** 0 the most confident face, 1 the largest. */
    FaceMatchingStrategy: field.integer(0, 1).default(0),
  }),
  response: z.object({ Score: score, FaceModelVersion: z.string() }),
  answer: async (request, context) => {
    const largest = request.FaceMatchingStrategy === 1;
    const similarity = await compared(request, context, {
      selection: largest ? FaceSelection.FACE_SELECTION_LARGEST : FaceSelection.FACE_SELECTION_MOST_CONFIDENT,
      qualityControl: request.QualityControl,
      detection: { rotationSearch: request.NeedRotateDetection },
    });
    return { Score: similarity, FaceModelVersion: CURRENT };
  },
});

/** The score from which on two faces are one person's here: a false-accept rate of 1e-4. */
const SAME_PERSON = 70;
/** The score of that rate on our scale. */
const OUR_SAME_PERSON = 50;

/** Faces smaller than the least that DetectFace looks for, unless told otherwise, are bystanders. */
const SMALLEST_FACE = 34;

/** Each photo is to show one person. */
export const detectFaceSimilarity = action({
  role: Role.ROLE_READ,
  lifePhotos: true,
  request: z.object({ ...field.twoPhotos, QualityControl: field.qualityControl }),
  response: z.object({ Score: score }),
  answer: async (request, context) => {
    const similarity = await compared(request, context, {
      selection: FaceSelection.FACE_SELECTION_SOLE,
      qualityControl: request.QualityControl,
      detection: { minFaceSize: SMALLEST_FACE },
    });
    return { Score: rescaled(similarity, OUR_SAME_PERSON, SAME_PERSON) };
  },
});

type Comparison = Parameters<typeof CompareRequest.fromPartial>[0];

/** The similarity of the chosen faces of both images, 0..100. */
export async function compared(
  given: TwoPhotos,
  context: ActionContext,
  comparison: Comparison,
): Promise<number> {
  const [imageA, imageB] = await bothPhotos(given, context);
  const request = { ...CompareRequest.fromPartial(comparison), imageA, imageB };
  const { similarity } = await context.useCases.faces.compare(request, context.call);
  return answered(similarity).score;
}

function bothPhotos(given: TwoPhotos, { photo }: ActionContext): Promise<[Image, Image]> {
  return Promise.all([
    photo({ Image: given.ImageA, Url: given.UrlA }),
    photo({ Image: given.ImageB, Url: given.UrlB }),
  ]);
}
