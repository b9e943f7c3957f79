import type { ScoreCalibration } from '@mien/vision';
import type { AllPairs } from './cosine-pairs';
import { type Caution, cautiousThresholds, rateAt, thresholdAt } from './false-accepts';

/** Ten points of score are a tenth of the false accepts: 40, 50 and 60 stand for 1e-3, 1e-4 and 1e-5. */
const STATED = [
  { score: 40, rate: 1e-3 },
  { score: 50, rate: 1e-4 },
  { score: 60, rate: 1e-5 },
] as const;

/** The same rule further down, where no promise is made: from the plain quantiles. */
const BELOW = [
  { score: 13, rate: 0.5 },
  { score: 20, rate: 1e-1 },
  { score: 30, rate: 1e-2 },
] as const;

/** Half of the pairs of one person score at least this. */
const GENUINE_MEDIAN_SCORE = 80;

/** See README.md beside this file: why over imagined groups, and why these figures. */
export const CAUTION: Caution = { people: 1000, draws: 1000, confidence: 0.99, seed: 1 };

/** The score's knots, and the false-accept rates that its stated thresholds stand for. */
export function calibrate(pairs: AllPairs, caution: Caution): ScoreCalibration {
  const stated = cautiousThresholds(
    STATED.map(({ rate }) => rate),
    pairs,
    caution,
  );
  const median = thresholdAt(0.5, pairs.genuine);
  const knots = [
    { cosine: -1, score: 0 },
    ...BELOW.map(({ score, rate }) => ({ cosine: thresholdAt(rate, pairs.impostor), score })),
    ...STATED.map(({ score }, index) => ({ cosine: stated[index] ?? 1, score })),
    // Where much of a face is hidden, half of the pairs of one person may stay under the strictest promise.
    ...(median > Math.max(...stated) ? [{ cosine: median, score: GENUINE_MEDIAN_SCORE }] : []),
    { cosine: 1, score: 100 },
  ].map(({ cosine, score }) => ({ cosine: rounded(cosine), score }));
  return {
    knots,
    falseAcceptRates: STATED.map(({ score }, index) => {
      const cosine = rounded(stated[index] ?? 1);
      return { score, cosine, falseAcceptRate: Number(rateAt(cosine, pairs.impostor).toPrecision(3)) };
    }),
  };
}

/** Four decimals, upwards: rounding never lets more pairs through. */
function rounded(cosine: number): number {
  return Math.ceil(cosine * 1e4) / 1e4;
}
