import {
  type Bus,
  bucketStream,
  IDEMPOTENCY_BUCKET,
  JOB_WATCH_CONSUMER,
  JOBS_BUCKET,
  JOBS_STREAM,
  PLANNER_CONSUMER,
  type ProvisionOptions,
  RECORD_SUBJECTS,
  RESULTS_BUCKET,
  setUpOn,
  TASK_SUBJECTS,
  TASKS_STREAM,
} from '@mien/bus';
import { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

/** A record that a planner or a notifier took and did not finish with comes again after this. */
const PLANNER_ACK_WAIT_MS = 10_000;
const WATCH_ACK_WAIT_MS = 5_000;
/** Jobs that have not ended, at most: each waits for its deadline. */
const MAX_OPEN_JOBS = 100_000;
/** Ended jobs that notifiers have taken and not told of yet. */
const MAX_TOLD_AT_ONCE = 1_024;
/** A task published again within this time is dropped by the server. */
const DUPLICATE_WINDOW_MS = 120_000;

export interface JobStreams extends ProvisionOptions {
  /** How long jobs and their results are kept after their last change. */
  readonly retentionSeconds: number;
}

/**
 * Sets up the buckets and streams of jobs, and the consumers on their records. Any number of processes may do this at
 * once. Throws BUS_UNAVAILABLE.
 */
export async function provisionJobs(bus: Bus, { retentionSeconds, ...options }: JobStreams): Promise<void> {
  const { replicas = 1 } = options;
  const setUp = setUpOn(bus, options);
  const maxAgeMs = retentionSeconds * 1_000;
  for (const bucket of [JOBS_BUCKET, RESULTS_BUCKET, IDEMPOTENCY_BUCKET]) {
    await setUp.stream(bucketStream(bucket, { replicas, maxAgeMs }));
  }
  const records = {
    filter_subject: RECORD_SUBJECTS,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  };
  await setUp.consumer(JOBS_STREAM, {
    ...records,
    durable_name: PLANNER_CONSUMER,
    ack_wait: nanos(PLANNER_ACK_WAIT_MS),
    max_ack_pending: MAX_OPEN_JOBS,
  });
  await setUp.consumer(JOBS_STREAM, {
    ...records,
    durable_name: JOB_WATCH_CONSUMER,
    ack_wait: nanos(WATCH_ACK_WAIT_MS),
    max_ack_pending: MAX_TOLD_AT_ONCE,
  });
  await setUp.stream({
    name: TASKS_STREAM,
    subjects: [TASK_SUBJECTS],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: nanos(maxAgeMs),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  });
}
