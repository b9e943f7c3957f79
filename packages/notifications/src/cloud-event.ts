import { MienError } from '@mien/errors';

/** What happened: the names of docs/events.md. */
export type EventType =
  | 'person.enrolled'
  | 'person.matched'
  | 'stranger.seen'
  | 'liveness.failed'
  | 'job.finished';

/**
 * A CloudEvent in the structured JSON form, version 1.0:
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The same at every repetition of the event. */
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  /** What it is about: the id of a person or a job. */
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** A message of event.proto in proto3's JSON form. */
  readonly data: unknown;
  /** The standing rule that a callback was made by: an extension of ours. */
  readonly ruleid?: string;
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#3-envelope */
export const CLOUD_EVENT_MEDIA_TYPE = 'application/cloudevents+json; charset=utf-8';

export function encodeEvent(event: CloudEvent): Uint8Array {
  return Buffer.from(JSON.stringify(event));
}

/** Throws INTERNAL: only we write events. */
export function decodeEvent(bytes: Uint8Array): CloudEvent {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new MienError('INTERNAL', 'an event can not be read', { cause: error });
  }
  if (!isEvent(value)) {
    throw new MienError('INTERNAL', 'an event lacks what every event has');
  }
  return value;
}

function isEvent(value: unknown): value is CloudEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['specversion', 'id', 'source', 'type', 'time'].every(
      (name) => typeof Reflect.get(value, name) === 'string',
    )
  );
}
