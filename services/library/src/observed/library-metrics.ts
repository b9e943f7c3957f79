import { histogram, observe } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';
import type { OpenLibrary } from '../open-library';
import { LibraryHealth } from './library-health';
import { TimedIndex } from './timed-index';

/** Measures searches, and tells now and then how the library stands. `stop` ends that. */
export function observedLibrary(
  library: OpenLibrary,
  meter: Meter,
): { readonly library: OpenLibrary; stop(): Promise<void> } {
  const health = new LibraryHealth(library);
  const index = new TimedIndex(library.index, histogram(meter, 'searchDuration'), () => health.faces);
  const endings = [
    observe(meter, 'libraryFaces', () => values(health.state?.totals?.faces)),
    observe(meter, 'libraryPersons', () => values(health.state?.totals?.persons)),
    observe(meter, 'indexFaces', () => values(health.state?.indexFaces)),
    observe(meter, 'storeUp', () =>
      health.state === undefined
        ? []
        : [
            [health.state.totals === undefined ? 0 : 1, { store: 'database' }],
            [health.state.indexUp ? 1 : 0, { store: 'index' }],
          ],
    ),
    observe(meter, 'outboxEntries', () =>
      (health.state?.outbox ?? []).map(({ topic, entries }) => [entries, { topic }] as const),
    ),
    observe(meter, 'recallProbe', () => values(health.recall)),
  ];
  return {
    library: { ...library, index },
    stop: async () => {
      await health.stop();
      for (const end of endings) {
        end();
      }
    },
  };
}

/** Nothing is told of what is not known. */
function values(value: number | undefined): (readonly [number, Record<never, never>])[] {
  return value === undefined ? [] : [[value, {}]];
}
