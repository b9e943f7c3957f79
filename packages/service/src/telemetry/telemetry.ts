import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { createLineMetrics, type LineMetrics } from '@mien/bus';
import { type Meter, metrics } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { observeRuntime } from './runtime-metrics';

const SHUTDOWN_LIMIT_MS = 2_000;

export interface TelemetryOptions {
  readonly service: string;
  /** Spans go there, OTLP over gRPC; without it they only give logs and messages their trace ids. */
  readonly otlpEndpoint?: string | undefined;
  /** Where else spans go. */
  readonly spanProcessors?: readonly SpanProcessor[];
}

/** A process's traces and metrics. One per process: OpenTelemetry's providers are global. */
export interface Telemetry {
  readonly meter: Meter;
  readonly line: LineMetrics;
  /** Answers a scrape by Prometheus. */
  serveMetrics(request: IncomingMessage, response: ServerResponse): void;
  /** Sends what is buffered. */
  shutdown(): Promise<void>;
}

export function startTelemetry(options: TelemetryOptions): Telemetry {
  const prometheus = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.service }),
    textMapPropagator: new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
    metricReaders: [prometheus],
    spanProcessors: [...exporting(options.otlpEndpoint), ...(options.spanProcessors ?? [])],
    logRecordProcessors: [],
  });
  sdk.start();
  const meter = metrics.getMeter('@mien/service');
  const endRuntimeMetrics = observeRuntime(meter);
  return {
    meter,
    line: createLineMetrics(meter),
    serveMetrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    shutdown: () => {
      endRuntimeMetrics();
      return within(SHUTDOWN_LIMIT_MS, sdk.shutdown());
    },
  };
}

/** Waits so long and no longer: a collector that does not answer must not hold up a process that is going down. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const limit = new AbortController();
  await Promise.race([
    work,
    setTimeout(limitMs, undefined, { signal: limit.signal, ref: false }).catch(() => undefined),
  ]);
  limit.abort();
}

function exporting(endpoint: string | undefined): SpanProcessor[] {
  return endpoint === undefined
    ? [DISCARDING]
    : [new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint }))];
}

/** The SDK makes no spans at all, and so no trace ids, without a processor. */
const DISCARDING: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
