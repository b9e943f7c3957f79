import { fitCost, type PhotoMix, type StageCost } from '../stage-cost';
import type { Measurements, Service } from './measurements';

/** What a photo costs at a service, fitted to all runs that the service was measured in. */
export function serviceCost({ photos }: Measurements, service: Service): StageCost {
  return fitCost(
    photos.flatMap(({ facesPerPhoto, megapixels, cpuMs }) => {
      const measured = cpuMs[service];
      return measured === undefined ? [] : [{ facesPerPhoto, megapixels, cpuMs: measured }];
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
