import { isReason, MienError } from '@mien/errors';
import { codeOf } from '../errors/code-of-reason';
import type { Code } from '../errors/codes';

/** The code of what has none of its own. */
export const OTHER_FAULT = -1;

/** Quality too low, of an image of several or of a face in a search. */
export const QUALITY_REFUSED = -1601;

/** What tells of one image among several instead of an error. */
const RET_CODES: Readonly<Partial<Record<Code, number>>> = {
  'InvalidParameterValue.NoFaceInPhoto': -1101,
  'FailedOperation.ImageDecodeFailed': -1102,
  'FailedOperation.ImageSizeExceed': -1109,
  'FailedOperation.ImageResolutionExceed': -1109,
  'FailedOperation.ImageResolutionTooSmall': -1109,
  'FailedOperation.FaceQualityNotQualified': QUALITY_REFUSED,
};

export function retCodeOf(code: Code): number {
  return RET_CODES[code] ?? OTHER_FAULT;
}

/** The code of a refusal of ours. */
export function retCodeOfReason(reason: string): number {
  if (reason === 'FACE_NOT_OF_PERSON') {
    return NOT_OF_PERSON;
  }
  return isReason(reason) ? retCodeOf(codeOf(new MienError(reason, ''), {})) : OTHER_FAULT;
}

const NOT_OF_PERSON = -1604;
