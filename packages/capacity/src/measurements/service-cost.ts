import { fitCost, type PhotoMix, type StageCost } from '../stage-cost';
import type { Measurements, Service } from './measurements';

/** Clocks of processes count by 10 ms: less is not told apart well. */
const LEAST_MS = 10;

/**
 * What a photo costs at a service, fitted to all runs that the service was measured in: a tenth off counts the same for
 * small photos as for large ones.
 */
export function serviceCost({ photos }: Measurements, service: Service): StageCost {
  return fitCost(
    photos.flatMap(({ facesPerPhoto, megapixels, cpuMs }) => {
      const measured = cpuMs[service];
      return measured === undefined
        ? []
        : [{ facesPerPhoto, megapixels, cpuMs: measured, weight: 1 / Math.max(LEAST_MS, measured) }];
    }),
  );
}

/**
 * Variance over squared mean of a photo's cost when faces come into photos independently (a Poisson distribution, whose
 * variance is its mean) and photos are of one size.
 */
export function costVariability(cost: StageCost, { facesPerPhoto }: PhotoMix, meanMs: number): number {
  return meanMs === 0 ? 0 : (cost.perFaceMs ** 2 * facesPerPhoto) / meanMs ** 2;
}
