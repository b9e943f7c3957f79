import { type JobWork, type MienClient, MienError, type SubmittedJob } from '@mien/sdk';
import { concurrently } from '../concurrently';

/** The most that a job may name. */
const PHOTOS_OF_JOB = 1_000;
const AT_ONCE = 4;

/** Jobs of many photos, handed in all at once. A few pictures stand for all: each is worked on as often as it is named. */
export class BatchFlood {
  private constructor(
    private readonly client: MienClient,
    private readonly ids: readonly string[],
  ) {}

  /** Resolves when all is handed in and the first photos were answered. */
  static async begin(
    client: MienClient,
    pictures: readonly Buffer[],
    photos: number,
    work: JobWork,
  ): Promise<BatchFlood> {
    const uploads = await concurrently(pictures, AT_ONCE, (picture) => client.jobs.upload(picture));
    const sizes = Array.from({ length: Math.ceil(photos / PHOTOS_OF_JOB) }, (_, job) =>
      Math.min(PHOTOS_OF_JOB, photos - job * PHOTOS_OF_JOB),
    );
    const jobs: SubmittedJob[] = [];
    for (const size of sizes) {
      const sources = Array.from({ length: size }, (_, photo) => ({
        uploadId: uploads[photo % uploads.length]?.uploadId ?? '',
      }));
      jobs.push(await client.jobs.submit(sources, work));
    }
    await firstAnswer(client, jobs[0]?.id ?? '');
    return new BatchFlood(
      client,
      jobs.map(({ id }) => id),
    );
  }

  /** Photos that were answered so far. Throws when one was not answered well: then it was no such load as was meant. */
  async answered(): Promise<number> {
    const jobs = await concurrently(this.ids, AT_ONCE, (id) => this.client.jobs.get(id));
    const failed = jobs.reduce((sum, { photosFailed }) => sum + photosFailed, 0);
    if (failed > 0) {
      throw new Error(`${failed} photos of jobs were not answered`);
    }
    return jobs.reduce((sum, { photosDone }) => sum + photosDone, 0);
  }

  /** Cancels what has not ended; how many jobs that were. */
  async cancel(): Promise<number> {
    const cancelled = await concurrently(this.ids, AT_ONCE, (id) =>
      this.client.jobs.cancel(id).then(
        () => 1,
        (error: unknown) => {
          if (error instanceof MienError && error.reason === 'JOB_ENDED') {
            return 0;
          }
          throw error;
        },
      ),
    );
    return cancelled.reduce<number>((sum, one) => sum + one, 0);
  }
}

async function firstAnswer(client: MienClient, id: string): Promise<void> {
  while ((await client.jobs.get(id)).photosDone === 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
