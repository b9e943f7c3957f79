import {
  type JobEnd,
  type JobProgress,
  type JobRecord,
  JobState,
  type Priority,
  type Refusal,
  SubmittedJob,
} from '@mien/proto';
import { countBits, without } from './bits';

const FINAL: readonly JobState[] = [
  JobState.JOB_STATE_DONE,
  JobState.JOB_STATE_FAILED,
  JobState.JOB_STATE_CANCELLED,
  JobState.JOB_STATE_DEAD,
];

export function isFinal(state: JobState): boolean {
  return FINAL.includes(state);
}

/** The end of a job whose tasks were all answered. */
export function endOf(progress: JobProgress): JobEnd {
  const counted = counts(progress);
  const givenUp = countBits(progress.givenUp);
  if (givenUp > 0) {
    const message = `the platform gave up on ${givenUp} of its photos`;
    return { ...counted, state: JobState.JOB_STATE_DEAD, failure: { reason: 'STAGE_FAILED', message } };
  }
  if (counted.done === 0) {
    const message = 'nothing of it could be answered: each result says why';
    return {
      ...counted,
      state: JobState.JOB_STATE_FAILED,
      failure: { reason: 'ARGUMENT_INVALID', message },
    };
  }
  return { ...counted, state: JobState.JOB_STATE_DONE, failure: undefined };
}

/** An end before all tasks were answered. */
export function brokenOff(progress: JobProgress, state: JobState, failure?: Refusal): JobEnd {
  return { ...counts(progress), state, failure };
}

function counts({ answered, failed }: JobProgress): { done: number; failed: number } {
  return { done: countBits(without(answered, failed)), failed: countBits(failed) };
}

/** The record with the end that was decided. */
export function ended(record: JobRecord, end: JobEnd): JobRecord {
  return { ...record, state: end.state, end, endedAt: new Date() };
}

/** A job as clients see it. */
export function submittedJob(record: JobRecord, progress: JobProgress | undefined): SubmittedJob {
  const { end } = record;
  const counted = end ?? (progress === undefined ? { done: 0, failed: 0 } : counts(progress));
  const share = record.tasks === 0 ? 0 : ((counted.done + counted.failed) * 100) / record.tasks;
  const priority: Priority = record.priority;
  return SubmittedJob.fromPartial({
    id: record.id,
    name: record.name,
    state: record.state,
    work: record.work,
    photosTotal: record.tasks,
    photosDone: counted.done,
    photosFailed: counted.failed,
    progress: Math.max(share, end === undefined ? (progress?.percent ?? 0) : 0),
    priority,
    callbackEndpointId: record.callbackEndpointId,
    idempotencyKey: record.idempotencyKey,
    failure: end?.failure,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    deadline: record.deadline,
    expiresAt: record.expiresAt,
    keyId: record.owner?.keyId ?? '',
  });
}
