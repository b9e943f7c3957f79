import {
  JobFinishedEvent,
  LivenessFailedEvent,
  PersonEnrolledEvent,
  PersonMatchedEvent,
  StrangerSeenEvent,
} from '@mien/proto';
import { Webhook } from 'standardwebhooks';

/** What the data of each type of event is. */
interface EventData {
  readonly 'person.enrolled': PersonEnrolledEvent;
  readonly 'person.matched': PersonMatchedEvent;
  readonly 'stranger.seen': StrangerSeenEvent;
  readonly 'liveness.failed': LivenessFailedEvent;
  readonly 'job.finished': JobFinishedEvent;
}

type EventType = keyof EventData;

interface EventOf<Type extends EventType> {
  /** The same each time that the event comes: what was seen before can be left alone. */
  readonly id: string;
  readonly type: Type;
  readonly time: Date;
  readonly data: EventData[Type];
}

/** Something that happened; `type` says what, and with it the type of `data`. */
export type MienEvent = { [Type in EventType]: EventOf<Type> }[EventType];

/** A callback that is not to be believed, or not understood. */
export class CallbackError extends Error {
  override readonly name = 'CallbackError';
}

/** Of a request, as node:http or fetch has them. */
export type CallbackHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const READ: { readonly [Type in EventType]: (data: unknown) => EventData[Type] } = {
  'person.enrolled': PersonEnrolledEvent.fromJSON,
  'person.matched': PersonMatchedEvent.fromJSON,
  'stranger.seen': StrangerSeenEvent.fromJSON,
  'liveness.failed': LivenessFailedEvent.fromJSON,
  'job.finished': JobFinishedEvent.fromJSON,
};

/**
 * The event of a callback (https://www.standardwebhooks.com) that was signed with the endpoint's secret in the last
 * five minutes. The body has to be as it came, not parsed and written again. Throws CallbackError.
 *
 * @param secret as CreateEndpoint or RotateEndpointSecret answered it, whsec_ and base64
 */
export function verifyCallback(
  headers: CallbackHeaders,
  body: string | Uint8Array,
  secret: string,
): MienEvent {
  const webhook = new Webhook(secret);
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  try {
    webhook.verify(text, plain(headers), { jsonParse: false });
  } catch (error) {
    throw new CallbackError(error instanceof Error ? error.message : 'not signed', { cause: error });
  }
  return toEvent(text);
}

function toEvent(text: string): MienEvent {
  const { id, type, time, data } = parsed(text);
  if (typeof id !== 'string' || typeof time !== 'string' || !isEventType(type)) {
    throw new CallbackError(`not an event that is known: ${JSON.stringify(type)}`);
  }
  return { id, type, time: new Date(time), data: READ[type](data) } as MienEvent;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    throw new CallbackError('the body is not JSON', { cause: error });
  }
}

function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(READ, type);
}

/** One value for each name, as the library takes them. */
function plain(headers: CallbackHeaders): Record<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
