import type { NewJob } from '@mien/bus';
import { MienError } from '@mien/errors';
import { type Job, Lane } from '@mien/proto';
import type { Line } from '../usecases/ports';
import type { InteractiveActivity } from './interactive-activity';
import type { LoadMonitor } from './load-monitor';

export interface LoadLimits {
  /** Batch requests that may wait at a stage. */
  readonly batchMaxWaiting: number;
  /** How long they may have to wait there. */
  readonly batchMaxWaitMs: number;
  /** Expected wait of interactive requests from which on no batch request is taken. */
  readonly interactiveWaitMs: number;
  /** What one photo of a job may take, however long its job may: stored photos must outlive it. */
  readonly longestMs: number;
}

type Load = Pick<LoadMonitor, 'waiting' | 'expectedWaitMs'>;

/**
 * The line with a look at its queues before anything is put there. Batch requests are refused first: when many of them
 * wait, or those that somebody waits for have to wait. Interactive ones are refused only when they could not be answered
 * within their deadline. Photos of batch jobs are not refused but held back while somebody waits.
 */
export class AdmittingLine implements Line {
  constructor(
    private readonly line: Line,
    private readonly load: Load,
    private readonly activity: InteractiveActivity,
    private readonly limits: LoadLimits,
  ) {}

  /** As Line.submit; OVERLOADED with the time after which to try again. */
  async submit(work: NewJob, limits: { deadlineMs: number; signal: AbortSignal }): Promise<Job> {
    const interactive = work.lane === Lane.LANE_INTERACTIVE;
    if (work.submission !== undefined) {
      const deadlineMs = Math.min(limits.deadlineMs, this.limits.longestMs);
      const submitPhoto = () => this.line.submit(work, { ...limits, deadlineMs });
      return interactive ? await submitPhoto() : await this.activity.aside(submitPhoto, limits.signal);
    }
    if (!interactive) {
      this.refuseBatch(work.itinerary);
    }
    this.refuseLate(work, limits.deadlineMs);
    const submit = () => this.line.submit(work, limits);
    return interactive ? await this.activity.during(submit) : await submit();
  }

  private refuseBatch(stages: readonly string[]): void {
    const { batchMaxWaiting, batchMaxWaitMs, interactiveWaitMs } = this.limits;
    const waiting = this.load.waiting(stages, 'batch');
    if (waiting >= batchMaxWaiting) {
      throw overloaded(`${waiting} batch requests wait`, 0);
    }
    const waitMs = this.load.expectedWaitMs(stages, 'batch');
    if (waitMs > batchMaxWaitMs) {
      throw overloaded('batch requests wait too long', waitMs - batchMaxWaitMs);
    }
    if (this.load.expectedWaitMs(stages, 'interactive') > interactiveWaitMs) {
      throw overloaded('requests that somebody waits for come first', 0);
    }
  }

  private refuseLate({ lane, itinerary }: NewJob, deadlineMs: number): void {
    const interactiveMs = this.load.expectedWaitMs(itinerary, 'interactive');
    const ownMs = lane === Lane.LANE_INTERACTIVE ? 0 : this.load.expectedWaitMs(itinerary, 'batch');
    const waitMs = Math.max(interactiveMs, ownMs);
    if (waitMs > deadlineMs) {
      throw overloaded('the queue is too long to answer within the deadline', waitMs - deadlineMs);
    }
  }
}

const LEAST_RETRY_SECONDS = 1;
const MOST_RETRY_SECONDS = 60;

function overloaded(message: string, missingMs: number): MienError {
  const seconds = Math.min(MOST_RETRY_SECONDS, Math.max(LEAST_RETRY_SECONDS, Math.ceil(missingMs / 1_000)));
  return new MienError('OVERLOADED', `${message}; try again later`, {
    metadata: { retryAfterSeconds: String(seconds) },
  });
}
