import type { Metadata, sendUnaryData } from '@grpc/grpc-js';
import { asMienError, MienError, toServiceError } from '@mien/errors';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { RpcMetrics } from './rpc-metrics';

/** What a handler knows of the call besides what it asks. */
export interface CallContext {
  /** Aborts when the caller cancels or its deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds until the caller's deadline; undefined when it has none. */
  readonly timeLeftMs: number | undefined;
  readonly metadata: Metadata;
  /** Address of the other end of the connection, with its port. */
  readonly peer: string;
}

export interface MethodOptions {
  /** Such as mien.v1.FaceService/Detect. */
  readonly method: string;
  readonly metrics: RpcMetrics;
  readonly logger: Logger;
}

/** What answering needs of a call, whether its requests and answers are one message or many. */
export interface AnyCall {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  getPeer(): string;
  on(event: 'cancelled', listener: () => void): unknown;
}

type ServiceErrorParts = ReturnType<typeof toServiceError>;

interface Ending {
  readonly code: number;
  readonly reason: string;
}

const OK: Ending = { code: 0, reason: 'OK' };

/** Answers the call with what the handler comes to: traced, measured, errors with their stable reasons. */
export function answerCall<Response>(
  options: MethodOptions,
  call: AnyCall,
  callback: sendUnaryData<Response>,
  handle: (context: CallContext) => Promise<Response>,
): void {
  attend(options, call, handle, {
    done: (response) => callback(null, response),
    failed: (error) => callback(error),
  });
}

/** Does the work that a call asks for, and tells how it ended: traced, measured, errors with their stable reasons. */
export function attend<Result>(
  options: MethodOptions,
  call: AnyCall,
  work: (context: CallContext) => Promise<Result>,
  end: { done(result: Result): void; failed(error: ServiceErrorParts): void },
): void {
  const started = performance.now();
  traced(options.method, call, () => work(contextOf(call)))
    .then(
      (result): Ending => {
        end.done(result);
        return OK;
      },
      (thrown: unknown) => {
        const error = asMienError(thrown);
        logFault(options, error);
        end.failed(toServiceError(error));
        return { code: error.status, reason: error.reason };
      },
    )
    .then(({ code, reason }) =>
      options.metrics.duration.record(secondsSince(started), { method: options.method, code, reason }),
    );
}

function contextOf(call: AnyCall): CallContext {
  const abort = new AbortController();
  call.on('cancelled', () => abort.abort(new MienError('DEADLINE_EXCEEDED', 'the caller waits no longer')));
  const deadline = call.getDeadline();
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  const timeLeftMs = Number.isFinite(at) ? at - Date.now() : undefined;
  return { signal: abort.signal, timeLeftMs, metadata: call.metadata, peer: call.getPeer() };
}

/** What is wrong with a request is for its caller to know; what is wrong with us is for the log. */
function logFault(options: MethodOptions, error: MienError): void {
  if (error.reason === 'INTERNAL' || error.reason === 'STAGE_FAILED' || error.reason === 'BLOB_LOST') {
    options.logger.error({ err: error, method: options.method }, 'a call failed');
  }
}

const GETTER: TextMapGetter<Metadata> = {
  get: (metadata, key) => metadata.get(key).map(String)[0],
  keys: (metadata) => Object.keys(metadata.getMap()),
};

/** https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
async function traced<Result>(method: string, call: AnyCall, work: () => Promise<Result>): Promise<Result> {
  const parent = propagation.extract(ROOT_CONTEXT, call.metadata, GETTER);
  const [service, name] = method.split('/');
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': name };
  const span = trace
    .getTracer('@mien/service')
    .startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  try {
    const result = await context.with(trace.setSpan(parent, span), work);
    span.setAttribute('rpc.grpc.status_code', OK.code);
    return result;
  } catch (thrown) {
    const error = asMienError(thrown);
    span.setAttributes({ 'rpc.grpc.status_code': error.status, 'error.type': error.reason });
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.reason });
    throw thrown;
  } finally {
    span.end();
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
