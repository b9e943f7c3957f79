import { MienError } from '@mien/errors';
import type { Job } from '@mien/proto';
import type { StageName } from './catalog';

export function stageFailed(stage: StageName, cause?: unknown): MienError {
  return new MienError('STAGE_FAILED', `the ${stage} stage could not do its work`, {
    cause,
    metadata: { stage },
  });
}

export function deadlinePassed(): MienError {
  return new MienError('DEADLINE_EXCEEDED', 'the deadline passed before the work was done');
}

export function isExpired(job: Job): boolean {
  return job.deadline !== undefined && job.deadline.getTime() <= Date.now();
}

/** Clocks of two machines may differ: never below 0. */
export function secondsSince(moment: Date | undefined): number {
  return moment === undefined ? 0 : Math.max(0, Date.now() - moment.getTime()) / 1000;
}
