import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import { METRIC } from './names';

/** Seconds: from a cache hit to a job that waited out its deadline. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const FACES = [1, 2, 4, 8, 16, 32, 64, 128];

/** The instruments of the line, of one meter. */
export interface LineMetrics {
  readonly jobs: Counter;
  readonly processDuration: Histogram;
  readonly queueWait: Histogram;
  readonly inferenceDuration: Histogram;
  readonly batchSize: Histogram;
  readonly inFlight: UpDownCounter;
  readonly redeliveries: Counter;
  readonly deadLetters: Counter;
  readonly clientDuration: Histogram;
}

export function createLineMetrics(meter: Meter): LineMetrics {
  const counter = ({ name, description }: MetricName) => meter.createCounter(name, { description });
  const histogram = ({ name, description }: MetricName, unit: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries } });
  return {
    jobs: counter(METRIC.jobs),
    processDuration: histogram(METRIC.processDuration, 's', SECONDS),
    queueWait: histogram(METRIC.queueWait, 's', SECONDS),
    inferenceDuration: histogram(METRIC.inferenceDuration, 's', SECONDS),
    batchSize: histogram(METRIC.batchSize, '{face}', FACES),
    inFlight: meter.createUpDownCounter(METRIC.inFlight.name, { description: METRIC.inFlight.description }),
    redeliveries: counter(METRIC.redeliveries),
    deadLetters: counter(METRIC.deadLetters),
    clientDuration: histogram(METRIC.clientDuration, 's', SECONDS),
  };
}

type MetricName = { readonly name: string; readonly description: string };
