import type { IncomingHttpHeaders } from 'node:http';
import { asMienError } from '@mien/errors';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { CallCancelled } from '../usecases/call';
import { HTTP_STATUS_OF_REASON } from './http-status';

/**
 * Runs the work in a server span, a child of the trace that the request belongs to.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export async function inRequestSpan<T>(
  { method, path }: { readonly method: string; readonly path: string },
  headers: IncomingHttpHeaders,
  work: () => Promise<T>,
): Promise<T> {
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const attributes = { 'http.request.method': method, 'http.route': path };
  const span = trace
    .getTracer('@mien/gateway')
    .startSpan(`${method} ${path}`, { kind: SpanKind.SERVER, attributes }, parent);
  try {
    const result = await context.with(trace.setSpan(parent, span), work);
    span.setAttribute('http.response.status_code', 200);
    return result;
  } catch (thrown) {
    if (thrown instanceof CallCancelled) {
      span.setAttribute('error.type', 'cancelled');
      throw thrown;
    }
    const { reason } = asMienError(thrown);
    const code = HTTP_STATUS_OF_REASON[reason];
    span.setAttributes({ 'http.response.status_code': code, 'error.type': reason });
    if (code >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
    }
    throw thrown;
  } finally {
    span.end();
  }
}
