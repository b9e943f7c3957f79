import { costOf, fitCost, type StageCost, stretchOfSharedCores } from '@mien/capacity';
import { median } from '../statistics';
import { megapixelsOf, type PhotoKind } from './canvases';
import { type LineRun, PARTS, type Part } from './line-run';

export interface Calibration {
  readonly kind: PhotoKind;
  readonly run: LineRun;
}

export type Costs = ReadonlyMap<Part, StageCost>;

/** What each part of the line takes for a photo, from runs with several kinds of photos. */
export function costsFrom(calibrations: readonly Calibration[]): Costs {
  return new Map(
    PARTS.map((part) => [
      part,
      fitCost(
        calibrations.map(({ kind, run }) => ({
          ...mixOf(kind),
          cpuMs: run.cpuMsPerPhoto.get(part) ?? Number.NaN,
        })),
      ),
    ]),
  );
}

export function cpuMsOf(costs: Costs, kind: PhotoKind): number {
  return [...costs.values()].reduce((sum, cost) => sum + costOf(cost, mixOf(kind)), 0);
}

function mixOf(kind: PhotoKind) {
  return { facesPerPhoto: kind.faces, megapixels: megapixelsOf(kind) };
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
export function compareThroughput(costs: Costs, kind: PhotoKind, run: LineRun): Compared {
  return {
    predicted: (run.coresLeft * 1000) / cpuMsOf(costs, kind),
    measured: run.photosPerSecond,
  };
}

/**
 * Mean time of photos that come as they like, from the mean time of single ones. What others do on the same cores
 * stretches both, and is taken for more work of the same kind.
 */
export function compareLatency(
  costs: Costs,
  kind: PhotoKind,
  cores: number,
  idle: LineRun,
  loaded: LineRun,
): Compared {
  const own = (loaded.photosPerSecond * cpuMsOf(costs, kind)) / 1000 / cores;
  const stretch = stretchOfSharedCores(cores, own + loaded.others) / stretchOfSharedCores(cores, idle.others);
  return { predicted: idle.meanMs * stretch, measured: loaded.meanMs };
}

export function medianRatio(compared: readonly Compared[]): number {
  return median(compared.map(ratioOf));
}
