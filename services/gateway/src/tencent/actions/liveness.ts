import { CheckLivenessRequest, type Liveness, Role } from '@mien/proto';
import { z } from 'zod';
import { type ActionContext, action, type GivenPhoto } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { score } from '../schema/structures';
import { answered } from './answered';
import { rescaled } from './scores';

/** Scores above it are live in the older action. */
const OLD_THRESHOLD = 87;
/** The score that the current action is advised with. */
const ADVISED_THRESHOLD = 40;

export const detectLiveFace = action({
  role: Role.ROLE_READ,
  request: z.object({ ...field.photo, FaceModelVersion: field.modelVersion }),
  response: z.object({ Score: score, FaceModelVersion: z.string(), IsLiveness: z.boolean() }),
  answer: async (request, context) => {
    const liveness = await livenessOf(request, context);
    return {
      Score: rescaled(liveness.score, liveness.threshold, OLD_THRESHOLD),
      FaceModelVersion: CURRENT,
      IsLiveness: liveness.live,
    };
  },
});

export const detectLiveFaceAccurate = action({
  role: Role.ROLE_READ,
  request: z.object({ ...field.photo, FaceModelVersion: field.modelVersion }),
  response: z.object({ Score: score, FaceModelVersion: z.string() }),
  answer: async (request, context) => {
    const liveness = await livenessOf(request, context);
    return {
      Score: rescaled(liveness.score, liveness.threshold, ADVISED_THRESHOLD),
      FaceModelVersion: CURRENT,
    };
  },
});

async function livenessOf(given: GivenPhoto, { photo, useCases, call }: ActionContext): Promise<Liveness> {
  const image = await photo(given);
  const { face } = await useCases.faces.checkLiveness(CheckLivenessRequest.fromPartial({ image }), call);
  return answered(face?.liveness);
}
