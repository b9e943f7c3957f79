import type { JobWork, MienJobs, SubmitSettings, SubmittedJob } from '@mien/sdk';
import type { GivenPhoto } from '../../input/job-photos';
import type { RateBar } from '../../output/progress-bar';
import { batchKey, freshKey, isBatchKey } from './batch-key';

export interface Submission {
  readonly work: JobWork;
  readonly photos: readonly GivenPhoto[];
  /** Photos of a job, at most. */
  readonly batchSize: number;
  /** Whatever was submitted before. */
  readonly again: boolean;
  readonly settings: Pick<SubmitSettings, 'name' | 'priority' | 'deadline' | 'callbackEndpointId'>;
}

export interface Submitted {
  readonly jobs: readonly SubmittedJob[];
  /** How many of them were there already. */
  readonly resumed: number;
}

/** Jobs of earlier runs of this command, by their keys. */
export type EarlierJobs = ReadonlyMap<string, SubmittedJob>;

/** As far as they are kept. */
export async function earlierJobs(jobs: MienJobs): Promise<EarlierJobs> {
  const earlier = new Map<string, SubmittedJob>();
  for await (const job of jobs.list({ pageSize: 1000 })) {
    if (isBatchKey(job.idempotencyKey) && !earlier.has(job.idempotencyKey)) {
      earlier.set(job.idempotencyKey, job);
    }
  }
  return earlier;
}

/**
 * Submits the photos in batches, in their order; those that an earlier run did are not sent again. Throws what a
 * submission throws: what was submitted until then stays, and another run goes on behind it.
 */
export async function submitAll(
  { work, photos, batchSize, again, settings }: Submission,
  client: MienJobs,
  earlier: EarlierJobs,
  bar: RateBar,
): Promise<Submitted> {
  const jobs: SubmittedJob[] = [];
  let resumed = 0;
  const batches = inBatches(photos, batchSize);
  for (const [index, batch] of batches.entries()) {
    const idempotencyKey = again ? freshKey() : await batchKey(work, batch);
    const known = earlier.get(idempotencyKey);
    if (known !== undefined) {
      jobs.push(known);
      resumed++;
      bar.skip(batch.length);
      continue;
    }
    let uploads = 0;
    const onUpload = () => {
      uploads++;
      bar.advance(1);
    };
    const named = { ...settings, ...nameOf(settings.name, index, batches.length) };
    jobs.push(await client.submit(batch, work, { ...named, idempotencyKey, onUpload }));
    bar.advance(batch.length - uploads);
  }
  return { jobs, resumed };
}

/** One without photos where there are none: a duplicate check. */
function inBatches(photos: readonly GivenPhoto[], size: number): (readonly GivenPhoto[])[] {
  if (photos.length === 0) {
    return [[]];
  }
  return Array.from({ length: Math.ceil(photos.length / size) }, (_, index) =>
    photos.slice(index * size, (index + 1) * size),
  );
}

/** `monday 2/5`: each batch is told from the others. */
function nameOf(name: string | undefined, index: number, count: number): { name?: string } {
  if (name === undefined) {
    return {};
  }
  return { name: count === 1 ? name : `${name} ${index + 1}/${count}` };
}
