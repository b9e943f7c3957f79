import type { Bus } from '@mien/bus';
import { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';

export const EVENTS_STREAM = 'MIEN_EVENTS';
export const CALLBACKS_STREAM = 'MIEN_CALLBACKS';
export const DEAD_CALLBACKS_STREAM = 'MIEN_DEAD_CALLBACKS';
export const ENDPOINTS_BUCKET = 'mien_endpoints';
export const RULES_BUCKET = 'mien_rules';
export const QUIET_BUCKET = 'mien_quiet';
/** Of the notifiers, on MIEN_EVENTS. */
export const RULES_CONSUMER = 'notifier-rules';

const HOUR_MS = 3_600_000;
/** Who was away for that long has missed events. */
const EVENT_AGE_MS = 72 * HOUR_MS;
/** Callbacks die after 24 hours; what is left then belongs to nobody. */
const CALLBACK_AGE_MS = 48 * HOUR_MS;
const DEAD_CALLBACK_AGE_MS = 30 * 24 * HOUR_MS;
/** Longer than the longest quiet period. */
const QUIET_AGE_MS = 25 * HOUR_MS;
/** How long the same event or callback is known to be the same. */
const DUPLICATE_WINDOW_MS = 600_000;
/** An event that a notifier took and did not finish comes again after this. */
const EVENT_ACK_WAIT_MS = 5_000;

export interface NotificationStreams {
  /** Copies of each stream in a NATS cluster. */
  readonly replicas: number;
}

/** Makes the streams and buckets that are missing. Any number of processes may do this at once. */
export async function provisionNotifications(bus: Bus, { replicas }: NotificationStreams): Promise<void> {
  const shared = {
    storage: StorageType.File,
    num_replicas: replicas,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  };
  const { streams, consumers } = bus.jsm;
  await streams.add({
    ...shared,
    name: EVENTS_STREAM,
    subjects: ['mien.events.>'],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(EVENT_AGE_MS),
  });
  await consumers.add(EVENTS_STREAM, {
    durable_name: RULES_CONSUMER,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(EVENT_ACK_WAIT_MS),
    max_ack_pending: 1_024,
  });
  await streams.add({
    ...shared,
    name: CALLBACKS_STREAM,
    subjects: [callbackSubject('*')],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    max_age: nanos(CALLBACK_AGE_MS),
  });
  await streams.add({
    ...shared,
    name: DEAD_CALLBACKS_STREAM,
    subjects: [deadCallbackSubject('*')],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(DEAD_CALLBACK_AGE_MS),
  });
  const kvm = new Kvm(bus.js);
  const bucket = { history: 1, storage: StorageType.File, replicas };
  await kvm.create(ENDPOINTS_BUCKET, bucket);
  await kvm.create(RULES_BUCKET, bucket);
  await kvm.create(QUIET_BUCKET, { ...bucket, ttl: QUIET_AGE_MS });
}

export function eventSubject(type: string): string {
  return `mien.events.${type}`;
}

export function callbackSubject(endpointId: string): string {
  return `mien.callbacks.${endpointId}`;
}

export function deadCallbackSubject(endpointId: string): string {
  return `mien.dead-callbacks.${endpointId}`;
}
