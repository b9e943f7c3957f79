import type { Service } from '../measurements/measurements';

export interface PodShape {
  /** Cores that a pod is sure of. */
  readonly cores: number;
  /** The fewest pods. */
  readonly minimum: number;
  /** As many as are needed unless given. */
  readonly maximum?: number;
  /** One for each whole core unless given. */
  readonly jobsAtOnce?: number;
}

/** As the chart's values have them (helm/mien/values.yaml). */
export const CHART_PODS: Readonly<Record<Service, PodShape>> = {
  gateway: { cores: 0.5, minimum: 2 },
  detector: { cores: 1, minimum: 2 },
  landmark: { cores: 0.5, minimum: 2 },
  attributes: { cores: 1, minimum: 2 },
  liveness: { cores: 0.5, minimum: 2 },
  embedder: { cores: 0.25, minimum: 2 },
  library: { cores: 0.5, minimum: 2 },
  notifier: { cores: 0.1, minimum: 2 },
};

/** A job is no quicker on two cores, and slower on half of one. */
export function secondsOnPod(cpuMs: number, { cores }: PodShape): number {
  return cpuMs / 1000 / Math.min(1, cores);
}

export function jobsAtOnce({ cores, jobsAtOnce: told }: PodShape): number {
  return told ?? Math.max(1, Math.floor(cores));
}
