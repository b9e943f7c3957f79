import { JobRecord, type SubmittedJob } from '@mien/proto';
import { isJobId } from './records/job-id';
import { isFinal, submittedJob } from './records/states';

/** A job that has reached a final state, for the `attempt`-th time when it was driven again. */
export interface FinishedJob {
  readonly job: SubmittedJob;
  readonly attempt: number;
}

/** The finished job in a message of the records' stream; undefined for all others. */
export function finishedJob(data: Uint8Array): FinishedJob | undefined {
  const record = readableRecord(data);
  return record !== undefined && isFinal(record.state)
    ? { job: submittedJob(record, undefined), attempt: record.attempt }
    : undefined;
}

/** Undefined for a record that was deleted, and for what is none. */
export function readableRecord(data: Uint8Array): JobRecord | undefined {
  try {
    const record = JobRecord.decode(data);
    return isJobId(record.id) ? record : undefined;
  } catch {
    return undefined;
  }
}
