import { METRICS, type MetricKey } from '../registry';

/** The name of a metric, so that no query can have one that is not in the registry. */
export function named(key: MetricKey): string {
  return METRICS[key].name;
}

/** A counter's increase each second. */
export function perSecond(key: MetricKey, by: string, where = ''): string {
  return `sum by (${by}) (rate(${named(key)}{${where}}[$__rate_interval]))`;
}

/** How often a histogram got a value each second. */
export function observedPerSecond(key: MetricKey, by: string, where = ''): string {
  return `sum by (${by}) (rate(${named(key)}_count{${where}}[$__rate_interval]))`;
}

/** A quantile of a histogram, 0..1. */
export function quantile(of: number, key: MetricKey, by: string, where = ''): string {
  const labels = by === '' ? 'le' : `le, ${by}`;
  return `histogram_quantile(${of}, sum by (${labels}) (rate(${named(key)}_bucket{${where}}[$__rate_interval])))`;
}

export function mean(key: MetricKey, by: string, where = ''): string {
  const rate = (part: string) => `sum by (${by}) (rate(${named(key)}_${part}{${where}}[$__rate_interval]))`;
  return `${rate('sum')} / ${rate('count')}`;
}

/** How many values fell into each bucket each second. */
export function distribution(key: MetricKey, where = ''): string {
  return `sum by (le) (rate(${named(key)}_bucket{${where}}[$__rate_interval]))`;
}

/** Every replica tells the same: one is enough. */
export function toldByAll(key: MetricKey, by: string, where = ''): string {
  return `max by (${by}) (${named(key)}{${where}})`;
}

/** Codes of gRPC for what is our fault: UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
export const OUR_FAULTS = 'code=~"2|4|13|14|15"';
