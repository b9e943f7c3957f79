import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import {
  DEAD_LETTER_AGE_MS,
  DUPLICATE_WINDOW_MS,
  LANES,
  type LaneName,
  MAX_QUEUED_AGE_MS,
  MAX_QUEUED_JOBS,
  STAGE_CATALOG,
  STAGE_NAMES,
  type StageName,
} from '../catalog';
import { keySubjects, streamOfBucket } from '../names/buckets';
import {
  ADVISORY_STREAM,
  consumerOf,
  DEAD_STREAM,
  DEAD_SUBJECTS,
  maxDeliveriesSubject,
  streamOf,
  undertakerOf,
  workSubject,
} from '../subjects';

/** A stream as the server is to have it; what is left out may be any way. */
export type StreamPlan = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>;

/** As a stream's. */
export type ConsumerPlan = Partial<ConsumerConfig> & { readonly durable_name: string };

export interface BucketPlan {
  readonly replicas: number;
  /** How long a key's value is kept; for ever unless given. */
  readonly maxAgeMs?: number;
}

/**
 * A bucket that keeps the last value of each key, as client libraries make one..
 * https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-8.md
 */
export function bucketStream(bucket: string, { replicas, maxAgeMs = 0 }: BucketPlan): StreamPlan {
  return {
    name: streamOfBucket(bucket),
    subjects: [keySubjects(bucket)],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    max_age: nanos(maxAgeMs),
    num_replicas: replicas,
    allow_direct: true,
    allow_rollup_hdrs: true,
  };
}

export function workStream(stage: StageName, replicas: number): StreamPlan {
  return {
    name: streamOf(stage),
    subjects: LANES.map((lane) => workSubject(stage, lane)),
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs: MAX_QUEUED_JOBS,
    max_age: nanos(MAX_QUEUED_AGE_MS),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: replicas,
  };
}

export function deadStream(replicas: number): StreamPlan {
  return {
    ...workStream('detector', replicas),
    name: DEAD_STREAM,
    subjects: [DEAD_SUBJECTS],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(DEAD_LETTER_AGE_MS),
  };
}

/** Holds the advisories, so that none is missed while nobody listens. */
export function advisoryStream(replicas: number): StreamPlan {
  return {
    ...workStream('detector', replicas),
    name: ADVISORY_STREAM,
    subjects: STAGE_NAMES.map(maxDeliveriesSubject),
  };
}

export function workConsumer(stage: StageName, lane: LaneName): ConsumerPlan {
  const entry = STAGE_CATALOG[stage];
  return {
    durable_name: consumerOf(stage, lane),
    filter_subject: workSubject(stage, lane),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(entry.ackWaitMs),
    max_deliver: entry.maxDeliver,
    max_ack_pending: entry.maxAckPending,
  };
}

export function advisoryConsumer(stage: StageName): ConsumerPlan {
  return {
    durable_name: undertakerOf(stage),
    filter_subject: maxDeliveriesSubject(stage),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(10_000),
    max_deliver: -1,
    max_ack_pending: 256,
  };
}
