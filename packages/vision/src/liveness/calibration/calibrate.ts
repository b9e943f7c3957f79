import type { Combination } from '../combination';
import { quantile, scoresOf } from './error-rates';
import { fitCombination } from './fit';
import { type Sample, UNTOUCHED } from './samples';

/** The score from which a face is called live: the one that the specification advises. */
export const THRESHOLD = 40;
/** Share of the live training pictures, all kinds of them, that may fall under it. */
const FALSE_REJECTION = 0.05;
/** The same for the untouched photos alone: less, so that it stays under a twentieth on other people too. */
const UNTOUCHED_REJECTION = 0.035;

/**
 * Fits the regression, then moves its bias so that the threshold rejects no more than the wanted shares of live
 * training pictures.
 */
export function calibrate(samples: readonly Sample[]): Combination {
  const fitted = fitCombination(samples);
  const live = samples.filter((sample) => sample.live);
  const untouched = samples.filter(({ kind }) => kind === UNTOUCHED);
  const limits = [quantile(scoresOf(live, fitted), FALSE_REJECTION)];
  if (untouched.length > 0) {
    limits.push(quantile(scoresOf(untouched, fitted), UNTOUCHED_REJECTION));
  }
  const limit = Math.min(...limits);
  const bias = fitted.bias + logit(THRESHOLD) - logit(limit);
  return {
    bias: rounded(bias),
    terms: fitted.terms.map(({ evidence, mean, scale, weight }) => ({
      evidence,
      mean: rounded(mean),
      scale: rounded(scale),
      weight: rounded(weight),
    })),
  };
}

function logit(score: number): number {
  return Math.log(score / (100 - score));
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
