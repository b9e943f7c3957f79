import { Matching, Role, VerifyPersonRequest } from '@mien/proto';
import { z } from 'zod';
import { type Action, action } from '../action';
import * as field from '../schema/fields';
import { score } from '../schema/structures';

/** From which score on the person is the one. It can't be chosen. */
const THRESHOLD = 60;

/** By the best of the person's faces. */
export const verifyFace = verification(Matching.MATCHING_BEST_FACE);
/** By all of the person's faces fused into one. */
export const verifyPerson = verification(Matching.MATCHING_FUSED);

function verification(matching: Matching): Action {
  return action({
    role: Role.ROLE_READ,
    request: z.object({
      ...field.photo,
      PersonId: field.personId,
      QualityControl: field.qualityControl,
      NeedRotateDetection: field.flag,
    }),
    response: z.object({ Score: score, IsMatch: z.boolean(), FaceModelVersion: z.string() }),
    answer: async (request, { useCases, call, models, photo }) => {
      const verified = await useCases.library.verifyPerson(
        VerifyPersonRequest.fromPartial({
          personId: request.PersonId,
          face: { $case: 'image', value: await photo(request) },
          matching,
          threshold: THRESHOLD,
          qualityControl: request.QualityControl,
          detection: { rotationSearch: request.NeedRotateDetection },
        }),
        call,
      );
      return {
        Score: verified.score,
        IsMatch: verified.matched,
        FaceModelVersion: models.nameOf(verified.modelVersion),
      };
    },
  });
}
