import { constants, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { histogram, observe } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';

/** How often the loop is looked at, in milliseconds; a delay shorter than this is not seen as one. */
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** Tells of the Node process itself: event loop, heap, garbage collection, processor time. Returns what ends it. */
export function observeRuntime(meter: Meter): () => void {
  const endings = [
    ...observeMemory(meter),
    observeEventLoopDelay(meter),
    observeEventLoopUse(meter),
    observeGarbageCollection(meter),
    observe(meter, 'cpuSeconds', () => {
      const { user, system } = process.cpuUsage();
      return [
        [user / MICROSECONDS, { mode: 'user' }],
        [system / MICROSECONDS, { mode: 'system' }],
      ];
    }),
    observe(meter, 'activeResources', () => [[process.getActiveResourcesInfo().length, {}]]),
    observe(meter, 'started', () => [[performance.timeOrigin / 1_000, {}]]),
  ];
  return () => {
    for (const end of endings) {
      end();
    }
  };
}

function observeMemory(meter: Meter): (() => void)[] {
  return [
    observe(meter, 'residentBytes', () => [[process.memoryUsage.rss(), {}]]),
    observe(meter, 'heapUsed', () => [[process.memoryUsage().heapUsed, {}]]),
    observe(meter, 'heapLimit', () => [[getHeapStatistics().heap_size_limit, {}]]),
    observe(meter, 'externalBytes', () => [[process.memoryUsage().external, {}]]),
  ];
}

/** The histogram has the time between two looks, which is the resolution where nothing is late. */
function observeEventLoopDelay(meter: Meter): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000);
  const end = observe(meter, 'eventLoopLag', () => {
    const values = [
      [late(delays.percentile(50)), { quantile: '0.5' }],
      [late(delays.percentile(99)), { quantile: '0.99' }],
      [late(delays.max), { quantile: '1' }],
    ] as const;
    delays.reset();
    return values;
  });
  return () => {
    end();
    delays.disable();
  };
}

function observeEventLoopUse(meter: Meter): () => void {
  let last = performance.eventLoopUtilization();
  return observe(meter, 'eventLoopUtilization', () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return [[utilization, {}]];
  });
}

function observeGarbageCollection(meter: Meter): () => void {
  const pauses = histogram(meter, 'gcDuration');
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      pauses.record(entry.duration / 1_000, { kind: GC_KINDS[kindOf(entry)] ?? 'other' });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

/** Node's types do not know the detail of such an entry. */
function kindOf(entry: object): number {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  return typeof detail === 'object' && detail !== null && 'kind' in detail ? Number(detail.kind) : -1;
}
