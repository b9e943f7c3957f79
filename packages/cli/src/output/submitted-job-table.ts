import { JobState, type SubmittedJob } from '@mien/sdk';
import { momentText } from './moment';
import { textTable } from './table';
import { word } from './word';

/** Jobs for a terminal, one a row. */
export function submittedJobTable(jobs: readonly SubmittedJob[]): string {
  return textTable(
    ['id', 'name', 'work', 'state', 'photos', 'refused', 'created', 'ended'],
    jobs.map((job) => [
      job.id,
      job.name,
      word(`_${job.work}`, '_'),
      stateText(job),
      photosText(job),
      job.photosFailed === 0 ? '' : String(job.photosFailed),
      momentText(job.createdAt),
      momentText(job.endedAt),
    ]),
  );
}

/** A job with all that is to be said of it. */
export function submittedJobText(job: SubmittedJob): string {
  const facts = [
    ['why', job.failure === undefined ? '' : `${job.failure.reason}: ${job.failure.message}`],
    ['under way', stagesText(job)],
    ['deadline', job.endedAt === undefined ? momentText(job.deadline) : ''],
    ['kept until', momentText(job.expiresAt)],
    ['callback', job.callbackEndpointId],
    ['key', job.keyId],
  ];
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name = '', value]) => `${name.padEnd(12)}${value}`);
  return [submittedJobTable([job]), ...lines].join('\n');
}

/** Where the photos under way are: 2 in detector, 1 in embedder. */
export function stagesText({ stages }: Pick<SubmittedJob, 'stages'>): string {
  return stages.map(({ stage, photos }) => `${photos} in ${stage}`).join(', ');
}

function stateText({ state, progress, failure }: SubmittedJob): string {
  const text = word(state, 'JOB_STATE_');
  if (failure !== undefined) {
    return `${text} (${failure.reason})`;
  }
  return state === JobState.JOB_STATE_RUNNING ? `${text} ${progress.toFixed(0)} %` : text;
}

function photosText({ photosTotal, photosDone, photosFailed }: SubmittedJob): string {
  const answered = photosDone + photosFailed;
  return answered === photosTotal ? String(photosTotal) : `${answered} of ${photosTotal}`;
}
