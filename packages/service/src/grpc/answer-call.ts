import type { Metadata, ServerReadableStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
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
}

export interface MethodOptions {
  /** Such as mien.v1.FaceService/Detect. */
  readonly method: string;
  readonly metrics: RpcMetrics;
  readonly logger: Logger;
}

/** A call with one answer, whether its request is one message or many. */
type AnsweredCall<Request, Response> =
  | ServerUnaryCall<Request, Response>
  | ServerReadableStream<Request, Response>;

const OK = 0;

/** Answers the call with what the handler comes to: traced, measured, errors with their stable reasons. */
export function answerCall<Request, Response>(
  options: MethodOptions,
  call: AnsweredCall<Request, Response>,
  callback: sendUnaryData<Response>,
  handle: (context: CallContext) => Promise<Response>,
): void {
  const started = performance.now();
  traced(options.method, call, () => handle(contextOf(call)))
    .then(
      (response) => {
        callback(null, response);
        return OK;
      },
      (thrown: unknown) => {
        const error = asMienError(thrown);
        logFault(options, error);
        callback(toServiceError(error));
        return error.status;
      },
    )
    .then((code) => options.metrics.duration.record(secondsSince(started), { method: options.method, code }));
}

function contextOf<Request, Response>(call: AnsweredCall<Request, Response>): CallContext {
  const abort = new AbortController();
  call.on('cancelled', () => abort.abort(new MienError('DEADLINE_EXCEEDED', 'the caller waits no longer')));
  const deadline = call.getDeadline();
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  const timeLeftMs = Number.isFinite(at) ? at - Date.now() : undefined;
  return { signal: abort.signal, timeLeftMs, metadata: call.metadata };
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
async function traced<Request, Response>(
  method: string,
  call: AnsweredCall<Request, Response>,
  work: () => Promise<Response>,
): Promise<Response> {
  const parent = propagation.extract(ROOT_CONTEXT, call.metadata, GETTER);
  const [service, name] = method.split('/');
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': name };
  const span = trace
    .getTracer('@mien/service')
    .startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  try {
    const response = await context.with(trace.setSpan(parent, span), work);
    span.setAttribute('rpc.grpc.status_code', OK);
    return response;
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
