import type { Counter, Histogram, Meter, ObservableCallback, UpDownCounter } from '@opentelemetry/api';
import { METRICS, type MetricDefinition, type MetricKey } from './registry';

type KeyOf<Kind extends MetricDefinition['kind']> = {
  [Key in MetricKey]: (typeof METRICS)[Key]['kind'] extends Kind ? Key : never;
}[MetricKey];

/** A value for each of the metric's labels, and for no other. */
export type LabelsOf<Key extends MetricKey> = Readonly<
  Record<(typeof METRICS)[Key]['labels'][number], string | number>
>;

export function counter<Key extends KeyOf<'counter'>>(meter: Meter, key: Key): Counter<LabelsOf<Key>> {
  return meter.createCounter(METRICS[key].name, optionsOf(key));
}

export function upDownCounter<Key extends KeyOf<'up-down'>>(
  meter: Meter,
  key: Key,
): UpDownCounter<LabelsOf<Key>> {
  return meter.createUpDownCounter(METRICS[key].name, optionsOf(key));
}

export function histogram<Key extends KeyOf<'histogram'>>(meter: Meter, key: Key): Histogram<LabelsOf<Key>> {
  const explicitBucketBoundaries = [...METRICS[key].buckets];
  return meter.createHistogram(METRICS[key].name, {
    ...optionsOf(key),
    advice: { explicitBucketBoundaries },
  });
}

/** One value of a metric that is looked up when it is scraped. */
export type Observation<Key extends MetricKey> = readonly [value: number, labels: LabelsOf<Key>];

/** Asks for the values when the metric is scraped. Returns what ends that. */
export function observe<Key extends KeyOf<'gauge' | 'cumulative'>>(
  meter: Meter,
  key: Key,
  read: () => Iterable<Observation<Key>>,
): () => void {
  const { name, kind } = METRICS[key];
  const instrument =
    kind === 'cumulative'
      ? meter.createObservableCounter<LabelsOf<Key>>(name, optionsOf(key))
      : meter.createObservableGauge<LabelsOf<Key>>(name, optionsOf(key));
  const callback: ObservableCallback<LabelsOf<Key>> = (result) => {
    for (const [value, labels] of read()) {
      result.observe(value, labels);
    }
  };
  instrument.addCallback(callback);
  return () => instrument.removeCallback(callback);
}

function optionsOf(key: MetricKey): { description: string; unit: string } {
  const { description, unit } = METRICS[key];
  return { description, unit };
}
