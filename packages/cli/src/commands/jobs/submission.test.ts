import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MienClient } from '@mien/sdk';
import { type GivenPhoto, givenPhotos } from '../../input/job-photos';
import { LineFile } from '../../output/line-file';
import { RateBar } from '../../output/progress-bar';
import { MemoryJobs } from '../../testing/memory-jobs';
import { Conclusion } from './conclusion';
import { followJobs } from './follow';
import { earlierJobs, type Submission, submitAll } from './submission';

describe('a submission in batches', () => {
  let service: MemoryJobs;
  let client: MienClient;
  let folder: string;
  let photos: readonly GivenPhoto[];

  beforeEach(async () => {
    service = new MemoryJobs();
    client = new MienClient(await service.start(), { retries: Number.POSITIVE_INFINITY });
    folder = await mkdtemp(join(tmpdir(), 'mien-submit-'));
    for (const name of ['a', 'b', 'bad', 'c', 'd']) {
      await writeFile(join(folder, `${name}.jpg`), name);
    }
    ({ photos } = await givenPhotos([folder]));
  });

  afterEach(async () => {
    client.close();
    service.stop();
    await rm(folder, { recursive: true });
  });

  async function submit(changes: Partial<Submission> = {}) {
    const submission = {
      work: { detect: {} },
      photos,
      batchSize: 2,
      again: false,
      settings: { name: 'monday' },
      ...changes,
    };
    const earlier = await earlierJobs(client.jobs);
    return submitAll(submission, client.jobs, earlier, new RateBar(photos.length, 'photos'));
  }

  it('is a job for each batch, in the order of the photos', async () => {
    service.refusals = 3;
    const { jobs, resumed } = await submit();
    expect(resumed).toBe(0);
    expect(jobs.map(({ id, name, photosTotal }) => [id, name, photosTotal])).toEqual([
      ['J1', 'monday 1/3', 2],
      ['J2', 'monday 2/3', 2],
      ['J3', 'monday 3/3', 1],
    ]);
    const sent = service.kept.flatMap(({ request }) =>
      request.photos.map(({ source }) => source?.value.toString()),
    );
    expect(sent).toEqual(['a', 'b', 'bad', 'c', 'd']);
  });

  it('goes on behind what an earlier run did, and does nothing twice', async () => {
    await submit({ photos: photos.slice(0, 4) });
    const second = await submit();
    expect(second.resumed).toBe(2);
    expect(second.jobs.map(({ id }) => id)).toEqual(['J1', 'J2', 'J3']);
    expect((await submit()).resumed).toBe(3);
    expect(service.kept).toHaveLength(3);
    await writeFile(join(folder, 'a.jpg'), 'another photo');
    expect((await submit()).resumed).toBe(2);
    expect((await submit({ work: { detect: { features: { mesh: true } } } })).resumed).toBe(0);
    expect((await submit({ again: true })).resumed).toBe(0);
  });

  it('is followed to its end: results in order, refusals told', async () => {
    const { jobs } = await submit();
    const path = join(folder, 'results.jsonl');
    const lines = new LineFile(path);
    const conclusion = new Conclusion(client.jobs, lines);
    await conclusion.leftOut({ photo: 'huge.jpg', reason: 'IMAGE_TOO_LARGE', message: 'too large' });
    await followJobs(jobs, client.jobs, { ended: (job) => conclusion.ended(job) });
    await lines.close();
    const written = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      { photo: 'huge.jpg', refusal: { reason: 'IMAGE_TOO_LARGE' } },
      { job: 'J1', index: 0, photo: join(folder, 'a.jpg'), detect: { faces: [{}] } },
      { job: 'J1', index: 1 },
      { job: 'J2', index: 0, photo: join(folder, 'bad.jpg'), refusal: { reason: 'NO_FACE' } },
      { job: 'J2', index: 1 },
      { job: 'J3', index: 0 },
    ]);
    const printed: string[] = [];
    expect(() => conclusion.conclude((text) => printed.push(text))).toThrow('2 of the photos failed');
    expect(printed.join('\n')).toContain('4 photos answered, 2 refused');
  });

  it('says nothing against it when all was answered', async () => {
    const { jobs } = await submit({ photos: photos.slice(0, 2) });
    const conclusion = new Conclusion(client.jobs);
    await followJobs(jobs, client.jobs, { ended: (job) => conclusion.ended(job) });
    const printed: string[] = [];
    conclusion.conclude((text) => printed.push(text));
    expect(printed).toEqual(['2 photos answered, 0 refused, in 4 s (0.5/s)']);
  });
});
