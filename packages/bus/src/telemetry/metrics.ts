import { counter, histogram, upDownCounter } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';

/** The instruments of the line, of one meter. */
export type LineMetrics = ReturnType<typeof createLineMetrics>;

export function createLineMetrics(meter: Meter) {
  return {
    jobs: counter(meter, 'jobs'),
    processDuration: histogram(meter, 'processDuration'),
    queueWait: histogram(meter, 'queueWait'),
    inferenceDuration: histogram(meter, 'inferenceDuration'),
    batchSize: histogram(meter, 'batchSize'),
    inFlight: upDownCounter(meter, 'inFlight'),
    redeliveries: counter(meter, 'redeliveries'),
    deadLetters: counter(meter, 'deadLetters'),
    clientDuration: histogram(meter, 'clientDuration'),
  };
}
