import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';

/** What operators see of callbacks. Never by endpoint: there may be a thousand. */
export interface NotifierMetrics {
  /** Attempts, by outcome: delivered, failed. */
  readonly attempts: Counter;
  /** Callbacks that ended, by outcome: delivered, dead, dropped. */
  readonly callbacks: Counter;
  /** From the callback's creation to its delivery. */
  readonly delay: Histogram;
  readonly openCircuits: UpDownCounter;
}

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3_600, 86_400];

export function createNotifierMetrics(meter: Meter): NotifierMetrics {
  return {
    attempts: meter.createCounter('mien_callback_attempts', {
      description: 'Attempts to deliver a callback, by outcome',
    }),
    callbacks: meter.createCounter('mien_callbacks', { description: 'Callbacks that ended, by outcome' }),
    delay: meter.createHistogram('mien_callback_delay_seconds', {
      description: 'Time from the creation of a callback to its delivery',
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    }),
    openCircuits: meter.createUpDownCounter('mien_callback_open_circuits', {
      description: 'Endpoints that are left alone for a while because they fail',
    }),
  };
}
