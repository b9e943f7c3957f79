import {
  type Bus,
  bucketStream,
  CALLBACKS_STREAM,
  callbackSubject,
  DEAD_CALLBACKS_STREAM,
  deadCallbackSubject,
  ENDPOINTS_BUCKET,
  EVENT_SUBJECTS,
  EVENTS_STREAM,
  type ProvisionOptions,
  QUIET_BUCKET,
  RULES_BUCKET,
  RULES_CONSUMER,
  setUpOn,
} from '@mien/bus';
import { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

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

/** Sets up the streams and buckets of events, endpoints and callbacks. Any number of processes may do this at once. */
export async function provisionNotifications(bus: Bus, options: ProvisionOptions): Promise<void> {
  const { replicas = 1 } = options;
  const shared = {
    storage: StorageType.File,
    num_replicas: replicas,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  };
  const setUp = setUpOn(bus, options);
  await setUp.stream({
    ...shared,
    name: EVENTS_STREAM,
    subjects: [EVENT_SUBJECTS],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(EVENT_AGE_MS),
  });
  await setUp.consumer(EVENTS_STREAM, {
    durable_name: RULES_CONSUMER,
    // All there is, but for what the server was made to deliver there from other streams.
    filter_subject: EVENT_SUBJECTS,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(EVENT_ACK_WAIT_MS),
    max_ack_pending: 1_024,
  });
  await setUp.stream({
    ...shared,
    name: CALLBACKS_STREAM,
    subjects: [callbackSubject('*')],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    max_age: nanos(CALLBACK_AGE_MS),
  });
  await setUp.stream({
    ...shared,
    name: DEAD_CALLBACKS_STREAM,
    subjects: [deadCallbackSubject('*')],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(DEAD_CALLBACK_AGE_MS),
  });
  await setUp.stream(bucketStream(ENDPOINTS_BUCKET, { replicas }));
  await setUp.stream(bucketStream(RULES_BUCKET, { replicas }));
  await setUp.stream(bucketStream(QUIET_BUCKET, { replicas, maxAgeMs: QUIET_AGE_MS }));
}
