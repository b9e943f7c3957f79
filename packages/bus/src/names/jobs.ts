import { streamOfBucket } from './buckets';

/** Records and progress of jobs. */
export const JOBS_BUCKET = 'mien_jobs';
export const RESULTS_BUCKET = 'mien_job_results';
/** Which job an idempotency key stands for. */
export const IDEMPOTENCY_BUCKET = 'mien_job_keys';
/** The bucket as a stream: every change of a record is a message of it. */
export const JOBS_STREAM = streamOfBucket(JOBS_BUCKET);
/** Subjects of records in that stream. */
export const RECORD_SUBJECTS = `$KV.${JOBS_BUCKET}.job.>`;
/** Of the gateways, on the stream of records. */
export const PLANNER_CONSUMER = 'job-planner';
/** Of the notifiers, on the stream of records. */
export const JOB_WATCH_CONSUMER = 'notifier';
export const TASKS_STREAM = 'MIEN_JOB_TASKS';
export const TASK_SUBJECTS = 'mien.tasks.*.*';
/** Core NATS: the id of a job that was cancelled, for those who work on it. */
export const CANCELLED_SUBJECT = 'mien.jobs.cancelled';
/** Core NATS: a JobPhotoStage for each photo of a job that a stage begins to work on. */
export const PHOTO_STAGES_SUBJECT = 'mien.jobs.stages';
