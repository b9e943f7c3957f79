import { FaceSelection, MaskedComparison, Role } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { score } from '../schema/structures';
import { compared } from './compare';

export const compareMaskFace = action({
  role: Role.ROLE_READ,
  request: z.object({
    ...field.twoPhotos,
    FaceModelVersion: field.modelVersion,
    QualityControl: field.qualityControl,
  }),
  response: z.object({ Score: score, FaceModelVersion: z.string() }),
  answer: async (request, context) => {
    const similarity = await compared(request, context, {
      selection: FaceSelection.FACE_SELECTION_LARGEST,
      masked: MaskedComparison.MASKED_COMPARISON_AUTO,
      qualityControl: request.QualityControl,
    });
    return { Score: similarity, FaceModelVersion: CURRENT };
  },
});
