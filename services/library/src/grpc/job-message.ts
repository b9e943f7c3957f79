import type { Job, JobState } from '@mien/people';
import { type LibraryJob, LibraryJobState } from '@mien/proto';

const STATES: Readonly<Record<JobState, LibraryJobState>> = {
  queued: LibraryJobState.LIBRARY_JOB_STATE_QUEUED,
  running: LibraryJobState.LIBRARY_JOB_STATE_RUNNING,
  done: LibraryJobState.LIBRARY_JOB_STATE_DONE,
  cancelled: LibraryJobState.LIBRARY_JOB_STATE_CANCELLED,
  failed: LibraryJobState.LIBRARY_JOB_STATE_FAILED,
  'rolled-back': LibraryJobState.LIBRARY_JOB_STATE_ROLLED_BACK,
};

/** How far a job is, as clients see it. */
export function jobMessage(job: Job): LibraryJob {
  const { id, state, facesDone, facesTotal, failure, createdAt, startedAt, endedAt } = job;
  return {
    id,
    state: STATES[state],
    progress: progressOf(job),
    facesDone,
    facesTotal,
    failure: failure && { reason: failure.reason, message: failure.message },
    createdAt,
    startedAt,
    endedAt,
  };
}

/** 0..100. Faces that were deleted meanwhile are never done: only the end is 100. */
function progressOf({ state, facesDone, facesTotal }: Job): number {
  if (state === 'done' || state === 'rolled-back') {
    return 100;
  }
  return facesTotal === 0 ? 0 : Math.min(99.9, (facesDone / facesTotal) * 100);
}
