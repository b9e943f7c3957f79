import { counter, histogram, upDownCounter } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';

/** Rate, errors and durations of the calls that a process answers. */
export type RpcMetrics = ReturnType<typeof createRpcMetrics>;

export function createRpcMetrics(meter: Meter) {
  return {
    duration: histogram(meter, 'rpcDuration'),
    /** Answers of many messages that are under way. */
    openStreams: upDownCounter(meter, 'rpcOpenStreams'),
    /** Messages of such answers. */
    streamMessages: counter(meter, 'rpcStreamMessages'),
  };
}
