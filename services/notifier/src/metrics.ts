import { counter, histogram, upDownCounter } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';

/** What operators see of callbacks. Never by endpoint: there may be a thousand. */
export type NotifierMetrics = ReturnType<typeof createNotifierMetrics>;

export function createNotifierMetrics(meter: Meter) {
  return {
    attempts: counter(meter, 'callbackAttempts'),
    /** Callbacks that ended. */
    callbacks: counter(meter, 'callbacks'),
    /** From the callback's creation to its delivery. */
    delay: histogram(meter, 'callbackDelay'),
    jobsEnded: counter(meter, 'jobsEnded'),
    openCircuits: upDownCounter(meter, 'callbackCircuits'),
  };
}
