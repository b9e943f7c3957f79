import { hasEnded, type MienJobs, type SubmittedJob } from '@mien/sdk';
import { RateBar } from '../../output/progress-bar';
import { stagesText } from '../../output/submitted-job-table';
import { inTurn } from '../batch';

/** Watches at once: jobs of one key are worked on in their order, so that those behind have nothing to tell yet. */
const WATCHES = 4;
/** A gateway may be gone for so long without that anything is lost. */
const PATIENCE_MS = 10 * 60_000;

export interface Follower {
  /** Each time that something is known of a job. */
  changed?(job: SubmittedJob): void;
  /** In the order of the jobs. */
  ended(job: SubmittedJob): Promise<void>;
}

/** Follows jobs to their ends, with a bar of the photos of all of them. */
export async function followJobs(
  jobs: readonly SubmittedJob[],
  client: MienJobs,
  follower: Follower,
): Promise<void> {
  const total = jobs.reduce((sum, { photosTotal }) => sum + photosTotal, 0);
  const bar = new RateBar(total, 'photos');
  const progress = new Map(jobs.map((job) => [job.id, 0]));
  const noted = (job: SubmittedJob, first: boolean) => {
    const answered = answeredPhotos(job);
    const more = answered - (progress.get(job.id) ?? 0);
    progress.set(job.id, answered);
    // What was answered before anybody looked tells nothing of the rate.
    first ? bar.skip(more) : bar.advance(more);
    bar.remark(stagesText(job));
  };
  try {
    for (const [, ended] of inTurn(jobs, WATCHES, (job) => watchToEnd(job, client, noted, follower))) {
      await follower.ended(await ended);
    }
  } finally {
    bar.stop();
  }
}

async function watchToEnd(
  submitted: SubmittedJob,
  client: MienJobs,
  noted: (job: SubmittedJob, first: boolean) => void,
  { changed }: Follower,
): Promise<SubmittedJob> {
  let last = submitted;
  let first = true;
  if (hasEnded(submitted)) {
    noted(submitted, first);
    changed?.(submitted);
    return submitted;
  }
  for await (const job of client.watch(submitted.id, { patienceMs: PATIENCE_MS })) {
    noted(job, first);
    changed?.(job);
    first = false;
    last = job;
  }
  return last;
}

function answeredPhotos({ photosDone, photosFailed }: SubmittedJob): number {
  return photosDone + photosFailed;
}
