import { asMienError, MienError, mayPass } from '@mien/errors';
import type { Claim, Job, JobStore } from '@mien/people';
import type { Logger } from 'pino';

/** How long a job stays with a process that no longer renews its lease: the process is taken for dead then. */
export const LEASE_SECONDS = 60;
const RENEWALS_PER_LEASE = 3;

/** A job that was taken on so often broke off its process every time; the next would go the same way. */
const MOST_ATTEMPTS = 50;

export interface ClaimedWork {
  /** The process is going down. */
  readonly signal: AbortSignal;
  readonly leaseSeconds: number;
  readonly logger: Logger;
  /** Does the job and ends it. The signal aborts, too, when the job was cancelled or is another's. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Works on a job that was claimed and renews its lease meanwhile. What may pass is thrown, for a later attempt, and so
 * is the signal's reason; the job is then free for whoever comes first. What stays wrong is written down as the job's
 * failure. A job that was cancelled meanwhile, or that another goes on with, is let be.
 */
export async function workOn<J extends Job>(
  jobs: JobStore<J>,
  claim: Claim<J>,
  { signal, leaseSeconds, logger, run }: ClaimedWork,
): Promise<void> {
  const about = { job: claim.job.id, attempt: claim.attempt };
  logger.info({ ...about, facesDone: claim.job.facesDone }, 'a long job begins or goes on');
  const lost = new AbortController();
  const renewal = setInterval(
    () => void jobs.renew(claim.lease, leaseSeconds).catch((error: unknown) => giveUpIfLost(error, lost)),
    (leaseSeconds * 1_000) / RENEWALS_PER_LEASE,
  );
  try {
    if (claim.attempt > MOST_ATTEMPTS) {
      throw new MienError('STAGE_FAILED', 'the job was broken off too often');
    }
    await run(AbortSignal.any([signal, lost.signal]));
    logger.info(about, 'a long job has ended');
  } catch (thrown) {
    const error = asMienError(thrown);
    if (error.reason === 'JOB_LOST') {
      logger.info(about, 'a long job was cancelled or goes on elsewhere');
    } else if (signal.aborted || passes(error)) {
      await jobs.release(claim.lease);
      throw error;
    } else {
      logger.error({ ...about, err: error }, 'a long job failed');
      await jobs.fail(claim.lease, { reason: error.reason, message: error.message });
    }
  } finally {
    clearInterval(renewal);
  }
}

/** A renewal that fails otherwise may do better the next time. */
function giveUpIfLost(thrown: unknown, lost: AbortController): void {
  const error = asMienError(thrown);
  if (error.reason === 'JOB_LOST') {
    lost.abort(error);
  }
}

/** A fault of ours would come again; a store that is away comes back. */
function passes({ reason }: MienError): boolean {
  return (
    reason === 'DEADLINE_EXCEEDED' || (mayPass(reason) && reason !== 'INTERNAL' && reason !== 'STAGE_FAILED')
  );
}
