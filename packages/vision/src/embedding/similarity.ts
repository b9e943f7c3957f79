import { MienError } from '@mien/errors';
import type { ModelOf } from '@mien/models';
import type { Similarity, Template } from '@mien/proto';

/** Score calibration of an embedding model, as the pack's manifest holds it. */
export type ScoreCalibration = ModelOf<'embedding'>['embedding']['calibration'];

/**
 * How alike two faces are: the cosine of their templates (-1..1), and the score that it stands for. Throws
 * MODEL_VERSIONS_DIFFER when the templates come from two models, ARGUMENT_INVALID when one is no template.
 */
export function similarity(
  a: Template,
  b: Template,
  calibration: ScoreCalibration,
): Omit<Similarity, 'upperFaceOnly'> {
  if (a.modelVersion !== b.modelVersion) {
    throw new MienError(
      'MODEL_VERSIONS_DIFFER',
      `a template of ${a.modelVersion} can't be compared with one of ${b.modelVersion}`,
      { metadata: { versionA: a.modelVersion, versionB: b.modelVersion } },
    );
  }
  const cosine = cosineOf(a.vector, b.vector);
  return { cosine, score: scoreOf(cosine, calibration), modelVersion: a.modelVersion };
}

/** Cosine of the angle between two vectors, -1..1. Throws ARGUMENT_INVALID when they have none. */
export function cosineOf(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) {
    throw new MienError('ARGUMENT_INVALID', `templates of ${a.length} and ${b.length} numbers don't compare`);
  }
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let index = 0; index < a.length; index++) {
    // The indexes are inside by construction; the defaults only satisfy the type.
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    product += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
  }
  const cosine = product / Math.sqrt(squaresOfA * squaresOfB);
  if (!Number.isFinite(cosine)) {
    throw new MienError('ARGUMENT_INVALID', 'a template without direction does not compare');
  }
  return Math.min(1, Math.max(-1, cosine));
}

/** The score of 0..100 for a cosine: linear between the calibration's knots, constant outside them. */
export function scoreOf(cosine: number, { knots }: Pick<ScoreCalibration, 'knots'>): number {
  const above = knots.findIndex((knot) => knot.cosine >= cosine);
  const upper = knots[above];
  const lower = knots[above - 1];
  if (upper === undefined) {
    return knots.at(-1)?.score ?? 0;
  }
  if (lower === undefined) {
    return upper.score;
  }
  const share = (cosine - lower.cosine) / (upper.cosine - lower.cosine);
  return lower.score + share * (upper.score - lower.score);
}

/** The least cosine that reaches a score: -1 when every one does, above 1 when none does. */
export function cosineReaching(score: number, { knots }: Pick<ScoreCalibration, 'knots'>): number {
  const above = knots.findIndex((knot) => knot.score >= score);
  const upper = knots[above];
  const lower = knots[above - 1];
  if (upper === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  if (lower === undefined) {
    return -1;
  }
  const share = (score - lower.score) / (upper.score - lower.score);
  return lower.cosine + share * (upper.cosine - lower.cosine);
}
