import { fitCost, type PhotoMix, type StageCost } from '../stage-cost';
import type { Measurements, Service } from './measurements';

/** What a photo costs at a service, fitted to all runs that the service was measured in. */
export function serviceCost({ photos }: Measurements, service: Service): StageCost {
  return fitCost(
    photos.flatMap(({ what: _, cpuMs, ...mix }) => {
      const measured = cpuMs[service];
      return measured === undefined ? [] : [{ ...mix, cpuMs: measured }];
    }),
  );
}

/**
 * Variance over squared mean of a photo's cost when faces, large ones and others, come into photos independently
 * (Poisson distributions, whose variance is their mean) and photos are of one size.
 */
export function costVariability(
  { perFaceMs, perLargeFaceMs }: StageCost,
  { facesPerPhoto, largeFacesPerPhoto }: PhotoMix,
  meanMs: number,
): number {
  const small = perFaceMs ** 2 * (facesPerPhoto - largeFacesPerPhoto);
  const large = (perFaceMs + perLargeFaceMs) ** 2 * largeFacesPerPhoto;
  return meanMs === 0 ? 0 : (small + large) / meanMs ** 2;
}
