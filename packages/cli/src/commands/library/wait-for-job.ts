import { setTimeout as sleep } from 'node:timers/promises';
import { type LibraryJob, LibraryJobState } from '@mien/proto';
import { progressBar } from '../../output/progress-bar';
import { CommandError } from '../failure';

const ASK_AGAIN_MS = 500;
const UNDER_WAY: ReadonlySet<LibraryJobState> = new Set([
  LibraryJobState.LIBRARY_JOB_STATE_QUEUED,
  LibraryJobState.LIBRARY_JOB_STATE_RUNNING,
]);

interface WithJob {
  readonly job?: LibraryJob | undefined;
}

/** Asks for a job until it has ended, with a bar of its progress on a terminal. */
export async function waitForJob<Work extends WithJob>(ask: () => Promise<Work>): Promise<Work> {
  const bar = progressBar(100, '%');
  try {
    for (;;) {
      const work = await ask();
      bar?.update(Math.floor(work.job?.progress ?? 0));
      if (work.job === undefined || !UNDER_WAY.has(work.job.state)) {
        return work;
      }
      await sleep(ASK_AGAIN_MS);
    }
  } finally {
    bar?.stop();
  }
}

/** Throws when a job that was waited for did not do what it was to do. */
export function requireDone({ job }: WithJob): void {
  if (job?.state !== LibraryJobState.LIBRARY_JOB_STATE_DONE) {
    const { reason = '', message = '' } = job?.failure ?? {};
    throw new CommandError(`the job was not done${reason === '' ? '' : `: ${reason}: ${message}`}`);
  }
}
