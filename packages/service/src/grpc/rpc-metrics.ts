import { METRIC } from '@mien/bus';
import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';

/** Rate, errors and durations of the calls that a process answers. */
export interface RpcMetrics {
  /** Attributes: method, code (of gRPC). */
  readonly duration: Histogram;
  /** Answers of many messages that are under way. Attributes: method. */
  readonly openStreams: UpDownCounter;
  /** Messages of such answers. Attributes: method. */
  readonly streamMessages: Counter;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createRpcMetrics(meter: Meter): RpcMetrics {
  const { rpcDuration, rpcOpenStreams, rpcStreamMessages } = METRIC;
  return {
    duration: meter.createHistogram(rpcDuration.name, {
      description: rpcDuration.description,
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    }),
    openStreams: meter.createUpDownCounter(rpcOpenStreams.name, { description: rpcOpenStreams.description }),
    streamMessages: meter.createCounter(rpcStreamMessages.name, {
      description: rpcStreamMessages.description,
    }),
  };
}
