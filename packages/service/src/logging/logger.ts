import { isSpanContextValid, trace } from '@opentelemetry/api';
import pino, { type DestinationStream, type Logger } from 'pino';
import { scrub } from './scrub';

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** JSON lines with the ids of the active trace, free of photos, templates and secrets. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceIds,
      formatters: { level: (label) => ({ level: label }), log: scrubAll },
    },
    options.destination ?? pino.destination(1),
  );
}

function traceIds(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span)
    ? { trace_id: span.traceId, span_id: span.spanId }
    : {};
}

function scrubAll(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...toRecord(scrub(fields)) }));
}

function toRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
