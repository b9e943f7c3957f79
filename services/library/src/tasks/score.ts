import { MienError } from '@mien/errors';
import type { ScoreCalibration } from '@mien/vision';
import { cosineReaching } from '@mien/vision/similarity';

/** The score that photos of one person are taken to reach, unless a request says otherwise. */
export const USUAL_THRESHOLD = 60;

/** A score that a request asks for. Throws ARGUMENT_INVALID unless it is 0..100. */
export function askedScore(field: string, score: number): number {
  if (!(score >= 0 && score <= 100)) {
    throw new MienError('ARGUMENT_INVALID', `${field}: a score is 0 to 100`, {
      metadata: { field, minimum: '0', maximum: '100' },
    });
  }
  return score;
}

/** The smallest cosine that reaches a score, -1..1. A score that none reaches gives 1. */
export function cosineOfScore(score: number, calibration: ScoreCalibration): number {
  return Math.min(1, cosineReaching(score, calibration));
}
