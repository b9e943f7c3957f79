import { asMienError } from '@mien/errors';
import type { Job } from '@mien/proto';
import { SPAN_ATTRIBUTES } from '@mien/telemetry';
import type { MsgHdrs } from '@nats-io/transport-node';
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';

const TRACER = '@mien/bus';

const SETTER: TextMapSetter<MsgHdrs> = { set: (carrier, key, value) => carrier.set(key, value) };
const GETTER: TextMapGetter<MsgHdrs> = {
  get: (carrier, key) => carrier.get(key) || undefined,
  keys: (carrier) => carrier.keys(),
};

/** Writes the trace that is active into a message's headers (W3C traceparent). */
export function injectTrace(headers: MsgHdrs): void {
  propagation.inject(context.active(), headers, SETTER);
}

/** Runs one stage's work on a job in a consumer span, a child of the span that published the message. */
export async function inStageSpan<T>(
  about: SpanAbout,
  headers: MsgHdrs | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const parent = headers === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers, GETTER);
  const producer = trace.getSpanContext(parent);
  const span = trace.getTracer(TRACER).startSpan(
    `process ${about.subject}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...attributesOf(about),
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
      },
      links: producer === undefined ? [] : [{ context: producer }],
    },
    parent,
  );
  return run(span, trace.setSpan(parent, span), work);
}

/** Runs the submission of a job in a producer span, a child of what is active. */
export async function inSendSpan<T>(about: SpanAbout, work: () => Promise<T>): Promise<T> {
  const span = trace.getTracer(TRACER).startSpan(`send ${about.subject}`, {
    kind: SpanKind.PRODUCER,
    attributes: {
      ...attributesOf(about),
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
    },
  });
  return run(span, trace.setSpan(context.active(), span), work);
}

export interface SpanAbout {
  readonly subject: string;
  readonly stage: string;
  readonly lane: string;
  readonly job: Job;
  readonly bodyBytes?: number;
  readonly consumer?: string;
  readonly deliveries?: number;
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function attributesOf(about: SpanAbout): Attributes {
  return {
    'messaging.system': 'nats',
    'messaging.destination.name': about.subject,
    'messaging.message.id': about.job.id,
    'messaging.message.body.size': about.bodyBytes,
    'messaging.consumer.group.name': about.consumer,
    [SPAN_ATTRIBUTES.jobId.name]: about.job.id,
    [SPAN_ATTRIBUTES.stage.name]: about.stage,
    [SPAN_ATTRIBUTES.lane.name]: about.lane,
    [SPAN_ATTRIBUTES.photos.name]: about.job.photos.length,
    [SPAN_ATTRIBUTES.faces.name]: about.job.photos.reduce((sum, photo) => sum + photo.faces.length, 0),
    [SPAN_ATTRIBUTES.deliveries.name]: about.deliveries,
  };
}

async function run<T>(span: Span, within: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(within, work);
  } catch (thrown) {
    const error = asMienError(thrown);
    span.setAttribute('error.type', error.reason);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.reason });
    throw thrown;
  } finally {
    span.end();
  }
}
