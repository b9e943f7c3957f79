import { JobRecord, type SubmittedJob } from '@mien/proto';
import { isFinal, submittedJob } from './records/states';

/** A job that has reached a final state, for the `attempt`-th time when it was driven again. */
export interface FinishedJob {
  readonly job: SubmittedJob;
  readonly attempt: number;
}

/** The finished job in a message of the records' stream; undefined for all others. */
export function finishedJob(data: Uint8Array): FinishedJob | undefined {
  if (data.length === 0) {
    return undefined;
  }
  const record = JobRecord.decode(data);
  return isFinal(record.state)
    ? { job: submittedJob(record, undefined), attempt: record.attempt }
    : undefined;
}
