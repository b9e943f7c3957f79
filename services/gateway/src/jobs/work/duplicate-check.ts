import { setTimeout } from 'node:timers/promises';
import { asMienError, fromProblem, MienError } from '@mien/errors';
import {
  type DuplicateCheck,
  type JobResult,
  type LibraryJob,
  LibraryJobState,
  type StartDuplicateCheckRequest,
} from '@mien/proto';
import { Call } from '../../usecases/call';
import type { LibraryJobUseCases } from '../../usecases/library/library-use-cases';

const POLL_MS = 1_000;
const CANCEL_MS = 5_000;

/**
 * Has the library check for duplicates and waits for the end, telling of the progress (0..100) meanwhile. Tried again
 * with the same id it finds the check that it began. A job that is given up takes its check with it; a gateway that goes
 * down leaves it for another to wait for. Throws why the check failed.
 */
export async function checkDuplicates(
  request: StartDuplicateCheckRequest,
  id: string,
  call: Call,
  libraryJobs: LibraryJobUseCases,
  progress: (percent: number) => void,
): Promise<JobResult['result']> {
  let { check } = await libraryJobs.startDuplicateCheck({ ...request, id }, call);
  try {
    while (!hasEnded(check?.job)) {
      progress(check?.job?.progress ?? 0);
      await setTimeout(POLL_MS, undefined, { signal: call.signal }).catch(() => call.signal.throwIfAborted());
      ({ check } = await libraryJobs.getDuplicateCheck({ id }, call));
    }
  } catch (error) {
    if (call.signal.aborted && asMienError(call.signal.reason).reason !== 'SHUTTING_DOWN') {
      await cancel(id, call, libraryJobs);
    }
    throw error;
  }
  return { $case: 'duplicateCheck', value: done(check) };
}

function hasEnded(job: LibraryJob | undefined): boolean {
  return job?.endedAt !== undefined;
}

function done(check: DuplicateCheck | undefined): DuplicateCheck {
  const job = check?.job;
  if (check !== undefined && job?.state === LibraryJobState.LIBRARY_JOB_STATE_DONE) {
    return check;
  }
  const { reason, message } = job?.failure ?? {
    reason: 'JOB_ENDED',
    message: 'somebody cancelled the duplicate check',
  };
  throw fromProblem({ reason, message, stage: '', metadata: {} });
}

/** The check may have ended, or its library be away: then nothing is lost but its time. */
async function cancel(id: string, { origin }: Call, libraryJobs: LibraryJobUseCases): Promise<void> {
  const call = new Call(CANCEL_MS, origin);
  try {
    await libraryJobs.cancelDuplicateCheck({ id }, call);
  } catch (error) {
    if (!(error instanceof MienError)) {
      throw error;
    }
  } finally {
    call.close();
  }
}
