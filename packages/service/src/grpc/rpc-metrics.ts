import { METRIC } from '@mien/bus';
import type { Histogram, Meter } from '@opentelemetry/api';

/** Rate, errors and durations of the calls that a process answers. */
export interface RpcMetrics {
  /** Attributes: method, code (of gRPC). */
  readonly duration: Histogram;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createRpcMetrics(meter: Meter): RpcMetrics {
  const { name, description } = METRIC.rpcDuration;
  return {
    duration: meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    }),
  };
}
