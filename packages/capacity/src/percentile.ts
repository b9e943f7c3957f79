import type { Moments } from './waiting';

/** Of the standard normal distribution, by share. */
const NORMAL = { 0.5: 0, 0.95: 1.644854, 0.99: 2.326348 } as const;

export type Share = keyof typeof NORMAL;

/** Times of parts that follow one another and do not know of each other. */
export function sumOf(parts: readonly Moments[]): Moments {
  return {
    mean: parts.reduce((sum, { mean }) => sum + mean, 0),
    variance: parts.reduce((sum, { variance }) => sum + variance, 0),
  };
}

/**
 * The time that a share of jobs stays below, taken for a gamma distribution of that mean and variance; its quantile as
 * E. B. Wilson and M. M. Hilferty approximate it (PNAS 17, 1931), good to a percent for the shares here.
 */
export function percentileOf({ mean, variance }: Moments, share: Share): number {
  if (!Number.isFinite(mean) || variance <= 0) {
    return mean;
  }
  const shape = mean ** 2 / variance;
  const spread = 1 / (9 * shape);
  return mean * Math.max(0, 1 - spread + NORMAL[share] * Math.sqrt(spread)) ** 3;
}
