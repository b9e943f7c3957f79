import { observe } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';
import type { JobBacklog } from './job-backlog';
import type { LoadMonitor } from './load-monitor';

/** Tells how the queues stand. What could not be asked for is not told. Returns what ends it. */
export function observeLoad(monitor: LoadMonitor, meter: Meter): () => void {
  const endings = [
    observe(meter, 'laneWaiting', () =>
      monitor.known().map(({ stage, lane, load }) => [load.waiting, { stage, lane }] as const),
    ),
    observe(meter, 'laneTaken', () =>
      monitor.known().map(({ stage, lane, load }) => [load.taken, { stage, lane }] as const),
    ),
    observe(meter, 'laneOldest', () =>
      monitor.known().map(({ stage, lane, load }) => [load.oldestMs / 1_000, { stage, lane }] as const),
    ),
  ];
  return () => {
    for (const end of endings) {
      end();
    }
  };
}

/** Tells what is still to be done of the jobs that were taken in. Returns what ends it. */
export function observeBacklog(backlog: JobBacklog, meter: Meter): () => void {
  const endings = [
    observe(meter, 'jobPhotosWaiting', () => [[backlog.waitingPhotos, {}]]),
    observe(meter, 'jobPhotosOldest', () => [[backlog.oldestMs / 1_000, {}]]),
  ];
  return () => {
    for (const end of endings) {
      end();
    }
  };
}
