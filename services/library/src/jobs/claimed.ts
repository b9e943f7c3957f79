import { asMienError, MienError, mayPass } from '@mien/errors';
import type { Claim, Job, JobStore } from '@mien/people';
import type { Logger } from 'pino';

/** How long a job stays with a process that does not renew its lease: long enough for the slowest batch. */
export const LEASE_SECONDS = 60;

/** A job that was taken on so often broke off its process every time; the next would go the same way. */
const MOST_ATTEMPTS = 50;

/**
 * Works on a job that was claimed. The work stops by itself when it throws: what may pass is thrown, for a later
 * attempt, and so is the signal's reason; the job is then free for whoever comes first. What stays wrong is written
 * down as the job's failure. A job that was cancelled meanwhile, or that another goes on with, is let be.
 */
export async function workOn<J extends Job>(
  jobs: JobStore<J>,
  claim: Claim<J>,
  { signal, logger, work }: { signal: AbortSignal; logger: Logger; work: () => Promise<void> },
): Promise<void> {
  const about = { job: claim.job.id, attempt: claim.attempt };
  logger.info({ ...about, facesDone: claim.job.facesDone }, 'a long job begins or goes on');
  try {
    if (claim.attempt > MOST_ATTEMPTS) {
      throw new MienError('STAGE_FAILED', 'the job was broken off too often');
    }
    await work();
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
  }
}

/** A fault of ours would come again; a store that is away comes back. */
function passes({ reason }: MienError): boolean {
  return mayPass(reason) && reason !== 'INTERNAL' && reason !== 'STAGE_FAILED';
}
