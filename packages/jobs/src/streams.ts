import type { Bus } from '@mien/bus';
import { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';

/** Records and progress of jobs. */
export const JOBS_BUCKET = 'mien_jobs';
export const RESULTS_BUCKET = 'mien_job_results';
/** Which job an idempotency key stands for. */
export const IDEMPOTENCY_BUCKET = 'mien_job_keys';
/** The bucket as a stream: every change of a record is a message of it. */
export const JOBS_STREAM = `KV_${JOBS_BUCKET}`;
/** Subjects of records in that stream. */
export const RECORD_SUBJECTS = `$KV.${JOBS_BUCKET}.job.>`;
export const PLANNER_CONSUMER = 'job-planner';
export const TASKS_STREAM = 'MIEN_JOB_TASKS';
export const TASK_SUBJECTS = 'mien.tasks.*.*';

/** A record that a planner took and did not finish with comes again after this. */
const PLANNER_ACK_WAIT_MS = 10_000;
/** Jobs that have not ended, at most: each waits for its deadline. */
const MAX_OPEN_JOBS = 100_000;
/** A task published again within this time is dropped by the server. */
const DUPLICATE_WINDOW_MS = 120_000;

export interface JobStreams {
  /** Copies of each stream in a NATS cluster. */
  readonly replicas: number;
  /** How long jobs and their results are kept after their last change. */
  readonly retentionSeconds: number;
}

/** Makes the streams and buckets that are missing, updates those that differ. Any number of processes may do this at once. */
export async function provisionJobs(bus: Bus, { replicas, retentionSeconds }: JobStreams): Promise<void> {
  const kvm = new Kvm(bus.js);
  const bucket = { history: 1, storage: StorageType.File, replicas, ttl: retentionSeconds * 1_000 };
  for (const name of [JOBS_BUCKET, RESULTS_BUCKET, IDEMPOTENCY_BUCKET]) {
    await kvm.create(name, bucket);
  }
  await bus.jsm.consumers.add(JOBS_STREAM, {
    durable_name: PLANNER_CONSUMER,
    filter_subject: RECORD_SUBJECTS,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(PLANNER_ACK_WAIT_MS),
    max_ack_pending: MAX_OPEN_JOBS,
  });
  await bus.jsm.streams.add({
    name: TASKS_STREAM,
    subjects: [TASK_SUBJECTS],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: nanos(retentionSeconds * 1_000),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  });
}
