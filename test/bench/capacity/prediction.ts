import { costOf, fitCost, type PhotoMix, type StageCost, timesOnSharedCores } from '@mien/capacity';
import { median } from '../statistics';
import { cpuMsIn, type LineRun, PARTS, type Part } from './line-run';

/** Of each stage, as they are started (MIEN_STAGE_CONCURRENCY). */
const JOBS_AT_ONCE = 2;
const UNLIMITED: ReadonlySet<Part> = new Set<Part>(['gateway', 'NATS, caller and the rest']);

type Costs = ReadonlyMap<Part, StageCost>;

/** What each part of the line takes for a photo, from runs with several kinds of photos. */
export function costsFrom(learnt: readonly LineRun[]): Costs {
  return new Map(
    PARTS.map((part) => [
      part,
      fitCost(
        learnt.map(({ mix, cpuMsPerPhoto }) => ({ ...mix, cpuMs: cpuMsPerPhoto.get(part) ?? Number.NaN })),
      ),
    ]),
  );
}

export function cpuMsOf(costs: Costs, mix: PhotoMix): number {
  return [...costs.values()].reduce((sum, cost) => sum + costOf(cost, mix), 0);
}

/** A figure as the model tells it and as it was. */
export interface Compared {
  readonly predicted: number;
  readonly measured: number;
}

export function ratioOf({ predicted, measured }: Compared): number {
  return predicted / measured;
}

/** Photos a second that the cores that were left can do. */
export function compareThroughput(costs: Costs, run: LineRun): Compared {
  return {
    predicted: (run.coresLeft * 1000) / cpuMsOf(costs, run.mix),
    measured: run.photosPerSecond,
  };
}

/**
 * Mean time of photos that came at the times at which they did, from what single ones take: their time is work of the
 * services in turn, in the shares of their processor time, and what a photo costs beyond it is done when it has been
 * answered. Others on the same cores have to stand back meanwhile.
 */
export function compareLatency(cores: number, idle: LineRun, loaded: LineRun): Compared {
  const cpuMs = cpuMsIn(idle);
  const times = timesOnSharedCores(loaded.sentSeconds, {
    cores,
    stages: [...idle.cpuMsPerPhoto].map(([part, partMs]) => ({
      workSeconds: ((partMs / cpuMs) * idle.meanMs) / 1000,
      jobsAtOnce: UNLIMITED.has(part) ? Number.POSITIVE_INFINITY : JOBS_AT_ONCE,
    })),
    afterwardsSeconds: Math.max(0, cpuMs - idle.meanMs) / 1000,
  });
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { predicted: mean * 1000, measured: loaded.meanMs };
}

export function medianRatio(compared: readonly Compared[]): number {
  return median(compared.map(ratioOf));
}
