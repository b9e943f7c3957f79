import { MienError } from '@mien/errors';
import type { ScoreCalibration } from '@mien/vision';

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

/**
 * The smallest cosine that reaches a score, -1..1: what scoreOf of @mien/vision does, turned round. A score that none
 * reaches gives 1.
 */
export function cosineOfScore(score: number, { knots }: ScoreCalibration): number {
  const above = knots.findIndex((knot) => knot.score >= score);
  const upper = knots[above];
  const lower = knots[above - 1];
  if (upper === undefined) {
    return 1;
  }
  if (lower === undefined) {
    return -1;
  }
  const share = (score - lower.score) / (upper.score - lower.score);
  return lower.cosine + share * (upper.cosine - lower.cosine);
}
