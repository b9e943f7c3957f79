import { JobState, type SubmittedJob } from '@mien/proto';

const FINAL: ReadonlySet<JobState> = new Set([
  JobState.JOB_STATE_DONE,
  JobState.JOB_STATE_FAILED,
  JobState.JOB_STATE_CANCELLED,
  JobState.JOB_STATE_DEAD,
]);

/** Whether the job is in a state that it stays in; a dead one until an operator drives it again. */
export function hasEnded({ state }: Pick<SubmittedJob, 'state'>): boolean {
  return FINAL.has(state);
}
