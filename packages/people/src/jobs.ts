import type { Reason } from '@mien/errors';
import type { Page, PageRequest } from './page';

export type JobState = 'queued' | 'running' | 'done' | 'cancelled' | 'failed' | 'rolled-back';

/** Long work over the faces of some groups that is kept in the database, and goes on after a crash. */
export interface Job {
  readonly id: string;
  /** Sorted, no two alike. */
  readonly groupIds: readonly string[];
  readonly state: JobState;
  readonly facesDone: number;
  /** When it was started; 0 before. */
  readonly facesTotal: number;
  /** Set when it failed. */
  readonly failure?: JobFailure;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

export interface JobFailure {
  readonly reason: Reason;
  readonly message: string;
}

/** Who works on a job. It is lost when it was not renewed in time and another took the job over. */
export interface Lease {
  readonly jobId: string;
  readonly token: string;
}

export interface Claim<J extends Job> {
  readonly job: J;
  readonly lease: Lease;
  /** Faces up to here are done: 0 at the start, later the last that was saved. */
  readonly cursor: number;
  /** The last face that was enrolled when the job was started. */
  readonly lastFace: number;
  /** From 1: how often the job was taken on. */
  readonly attempt: number;
}

/** How far a job is. Saving the same twice does no harm. */
export interface JobProgress {
  /** Of the batch that is done. */
  readonly cursor: number;
  /** In all. */
  readonly facesDone: number;
}

/**
 * Any number of processes may take jobs on. What they do is done as long as their lease is theirs: every method that
 * takes one throws JOB_LOST when the job was cancelled, deleted or taken over.
 */
export interface JobStore<J extends Job> {
  /** Throws JOB_NOT_FOUND. */
  get(id: string): Promise<J>;
  /** Newest first. Throws CURSOR_INVALID. */
  list(page: PageRequest): Promise<Page<J>>;
  /** The oldest job that waits, or whose lease has ended; undefined when there is none. */
  claim(leaseSeconds: number): Promise<Claim<J> | undefined>;
  renew(lease: Lease, leaseSeconds: number): Promise<void>;
  /** Lets go of a job, for another to go on with. */
  release(lease: Lease): Promise<void>;
  fail(lease: Lease, failure: JobFailure): Promise<J>;
  /** What was saved stays. Throws JOB_NOT_FOUND, JOB_ENDED. */
  cancel(id: string): Promise<J>;
  /** Forgets jobs that ended before, with all that they found, and says how many. */
  deleteEnded(before: Date): Promise<number>;
}
