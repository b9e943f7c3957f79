import { MienError } from '@mien/errors';
import { percentileOf, sumOf } from '../percentile';
import { type Moments, sojournOf, utilisationOf } from '../waiting';
import { queueOf, type ServiceLoad } from './service-load';

/** A service's load and how many pods it is given. */
export interface Staffed {
  readonly load: ServiceLoad;
  readonly replicas: number;
}

/** What is to be kept. */
export interface Wanted {
  readonly utilisation: number;
  readonly p95Ms: number;
  /** Of passages between services, which nobody waits for in a queue. */
  readonly passagesMs: number;
}

/** Another pod has to take off so much of the time, or more pods don't help. */
const WORTHWHILE_SHARE = 1e-4;

/**
 * The fewest cores, nearly: first as many pods as keep each service below the wanted utilisation, then one more at a
 * time, where a core takes most off the 95th percentile. Throws ARGUMENT_INVALID when no number of pods is enough.
 */
export function staff(loads: readonly ServiceLoad[], wanted: Wanted): Staffed[] {
  let staffed = loads.map((load) => ({ load, replicas: fewest(load, wanted.utilisation) }));
  let time = p95Ms(staffed, wanted);
  while (time > wanted.p95Ms) {
    const next = best(staffed, time, wanted);
    if (next === undefined) {
      throw new MienError(
        'ARGUMENT_INVALID',
        `95 of 100 photos take up to ${Math.ceil(time)} ms however many pods there are; ` +
          'pods of a whole core and fewer stages are quicker',
      );
    }
    staffed = next.staffed;
    time = next.time;
  }
  return staffed;
}

/** The time of all services together, one after the other. */
export function timeOf(staffed: readonly Staffed[], passagesMs: number): Moments {
  const times = staffed.map(({ load, replicas }) => sojournOf(queueOf(load, replicas)));
  return sumOf([...times, { mean: passagesMs / 1000, variance: 0 }]);
}

function p95Ms(staffed: readonly Staffed[], { passagesMs }: Wanted): number {
  return percentileOf(timeOf(staffed, passagesMs), 0.95) * 1000;
}

function fewest(load: ServiceLoad, utilisation: number): number {
  const { minimum } = load.pod;
  return Math.max(minimum, Math.ceil(utilisationOf(queueOf(load, 1)) / utilisation));
}

function best(staffed: readonly Staffed[], time: number, wanted: Wanted) {
  let found: { staffed: Staffed[]; time: number; gain: number } | undefined;
  for (const [index, { load, replicas }] of staffed.entries()) {
    if (replicas >= (load.pod.maximum ?? Number.POSITIVE_INFINITY)) {
      continue;
    }
    const changed = staffed.with(index, { load, replicas: replicas + 1 });
    const changedTime = p95Ms(changed, wanted);
    const gain = (time - changedTime) / load.pod.cores;
    if (time - changedTime > time * WORTHWHILE_SHARE && gain > (found?.gain ?? 0)) {
      found = { staffed: changed, time: changedTime, gain };
    }
  }
  return found;
}
