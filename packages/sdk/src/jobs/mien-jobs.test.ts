import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MienError } from '@mien/errors';
import {
  GetJobResponse,
  JobServiceService,
  JobState,
  ListJobResultsResponse,
  ListJobsResponse,
  Priority,
  SubmitJobResponse,
  UploadPhotoResponse,
  WatchJobResponse,
} from '@mien/proto';
import { MienClient } from '../mien-client';
import { AnsweringServer } from '../testing/answering-server';

const MEGABYTE = 1024 * 1024;
const PHOTO = Buffer.from('a photo');

describe('MienJobs', () => {
  const server = new AnsweringServer([JobServiceService]);
  let address: string;
  let client: MienClient;

  beforeAll(async () => {
    address = await server.start();
    client = new MienClient(address, { timeoutMs: 10_000 });
  });

  afterAll(() => {
    client.close();
    server.stop();
  });

  beforeEach(() => {
    server.asked.length = 0;
  });

  it('submits photos in one request with all that is asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mien-jobs-'));
    const path = join(folder, 'ada.jpg');
    await writeFile(path, PHOTO);
    server.answer = () => SubmitJobResponse.fromPartial({ job: { id: 'J1' } });
    const deadline = new Date(Date.now() + 60_000);
    const photos = [
      { name: 'ada.jpg', photo: path, person: { id: 'ada', name: 'Ada' } },
      { photo: 'https://example.com/bob.jpg', person: { id: 'bob' } },
      { name: 'cy', uploadId: 'u-1', person: { id: 'cy' } },
    ];
    const job = await client.jobs.submit(
      photos,
      { enrol: { groupId: 'staff', qualityControl: 2 } },
      {
        name: 'monday',
        priority: Priority.PRIORITY_INTERACTIVE,
        deadline,
        callbackEndpointId: 'e-1',
        idempotencyKey: 'k',
      },
    );
    await rm(folder, { recursive: true });
    expect(job.id).toBe('J1');
    expect(server.asked).toMatchObject([
      {
        method: 'submitJob',
        request: {
          photos: [
            {
              name: 'ada.jpg',
              source: { $case: 'content', value: PHOTO },
              person: { id: 'ada', name: 'Ada' },
            },
            { name: '', source: { $case: 'url', value: 'https://example.com/bob.jpg' } },
            { name: 'cy', source: { $case: 'uploadId', value: 'u-1' } },
          ],
          work: { $case: 'enrol', value: { groupId: 'staff', qualityControl: 2 } },
          name: 'monday',
          priority: Priority.PRIORITY_INTERACTIVE,
          deadline,
          callbackEndpointId: 'e-1',
          idempotencyKey: 'k',
        },
      },
    ]);
  });

  it('names each kind of work', async () => {
    server.answer = () => SubmitJobResponse.fromPartial({ job: {} });
    await client.jobs.submit([], { detect: { features: { template: true } } });
    await client.jobs.submit([], { checkLiveness: { threshold: 0, source: 'gate' } });
    await client.jobs.submit([], { search: { groupIds: ['a'], minimumScore: 60, source: 'gate' } });
    await client.jobs.submit([], { duplicateCheck: { groupIds: ['a', 'b'], minimumScore: 80 } });
    await client.jobs.submit([], { cluster: { minimumScore: 45 } });
    expect(server.asked.map(({ request }) => (request as { work?: object }).work)).toMatchObject([
      { $case: 'detect', value: { features: { template: true, mesh: false } } },
      { $case: 'checkLiveness', value: { threshold: 0, source: 'gate' } },
      { $case: 'search', value: { groupIds: ['a'], minimumScore: 60, source: 'gate' } },
      { $case: 'duplicateCheck', value: { groupIds: ['a', 'b'], minimumScore: 80 } },
      { $case: 'cluster', value: { minimumScore: 45 } },
    ]);
  });

  it('uploads photos before that are too much for one request', async () => {
    server.answer = (method, { content }: { content: Buffer }) =>
      method === 'uploadPhoto'
        ? UploadPhotoResponse.fromPartial({ uploadId: `u-${content[0]}` })
        : SubmitJobResponse.fromPartial({ job: { id: 'J2' } });
    const photos = Array.from({ length: 9 }, (_, index) => ({ photo: Buffer.alloc(2 * MEGABYTE, index) }));
    let uploads = 0;
    const onUpload = () => {
      uploads++;
    };
    await client.jobs.submit([...photos, { uploadId: 'u-x' }], { detect: {} }, { onUpload });
    expect(uploads).toBe(9);
    expect(server.asked.filter(({ method }) => method === 'uploadPhoto')).toHaveLength(9);
    const submitted = server.asked.at(-1)?.request as { photos: { source: { value: string } }[] };
    expect(submitted.photos.map(({ source }) => source.value)).toEqual([
      ...photos.map((_, index) => `u-${index}`),
      'u-x',
    ]);
  });

  it('rejects with what is wrong with an upload, and begins no further ones', async () => {
    server.answer = () => {
      throw new MienError('IMAGE_TOO_LARGE', 'too large');
    };
    const photos = Array.from({ length: 40 }, () => ({ photo: Buffer.alloc(MEGABYTE) }));
    await expect(client.jobs.submit(photos, { detect: {} })).rejects.toMatchObject({
      reason: 'IMAGE_TOO_LARGE',
    });
    expect(server.asked.length).toBeLessThan(photos.length);
  });

  it('asks again under the same key when the answer was lost', async () => {
    let calls = 0;
    server.answer = () => {
      calls++;
      if (calls < 3) {
        throw new MienError('SHUTTING_DOWN', 'going down');
      }
      return SubmitJobResponse.fromPartial({ job: { id: 'J3' } });
    };
    expect(await client.jobs.submit([{ photo: PHOTO }], { detect: {} })).toMatchObject({ id: 'J3' });
    const keys = server.asked.map(({ request }) => (request as { idempotencyKey: string }).idempotencyKey);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).not.toBe('');
  });

  it('comes back after the time that it was told', async () => {
    server.answer = () => {
      if (server.asked.length < 3) {
        throw new MienError('OVERLOADED', 'full', { metadata: { retryAfterSeconds: '0.2' } });
      }
      return SubmitJobResponse.fromPartial({ job: { id: 'J4' } });
    };
    const start = performance.now();
    await client.jobs.submit([{ photo: PHOTO }], { detect: {} });
    expect(performance.now() - start).toBeGreaterThan(390);
    server.asked.length = 0;
    server.answer = () => {
      throw new MienError('OVERLOADED', 'full', { metadata: { retryAfterSeconds: '60' } });
    };
    await expect(client.jobs.submit([{ photo: PHOTO }], { detect: {} })).rejects.toMatchObject({
      reason: 'OVERLOADED',
      metadata: { retryAfterSeconds: '60' },
    });
    expect(server.asked).toHaveLength(1);
  });

  it('lists jobs and results page by page', async () => {
    server.answer = (method, { page }: { page: { cursor: string } }) => {
      const nextCursor = page.cursor === '' ? 'next' : '';
      return method === 'listJobs'
        ? ListJobsResponse.fromPartial({ jobs: [{ id: `J${page.cursor}` }], nextCursor })
        : ListJobResultsResponse.fromPartial({
            results: [{ index: page.cursor === '' ? 0 : 1, result: { $case: 'detect', value: {} } }],
            nextCursor,
          });
    };
    const createdFrom = new Date(2026, 0, 1);
    const states = [JobState.JOB_STATE_DEAD, JobState.JOB_STATE_FAILED];
    const ids = [];
    for await (const { id } of client.jobs.list({ states, createdFrom })) {
      ids.push(id);
    }
    expect(ids).toEqual(['J', 'Jnext']);
    expect(server.asked[1]?.request).toMatchObject({ states, createdFrom, page: { cursor: 'next' } });
    const results = [];
    for await (const { index, result } of client.jobs.results('J')) {
      results.push([index, result?.$case]);
    }
    expect(results).toEqual([
      [0, 'detect'],
      [1, 'detect'],
    ]);
  });

  it('watches over lost connections until the job has ended', async () => {
    const states = [JobState.JOB_STATE_QUEUED, JobState.JOB_STATE_RUNNING, JobState.JOB_STATE_DONE];
    server.answer = async function* () {
      const connection = server.asked.length - 1;
      yield WatchJobResponse.fromPartial({
        job: { id: 'J', state: states[connection] ?? JobState.JOB_STATE_UNSPECIFIED },
      });
      if (connection === 0) {
        throw new MienError('SHUTTING_DOWN', 'going down');
      }
      // The second connection ends as if all were said, the third stays open.
      if (connection === 2) {
        await new Promise(() => undefined);
      }
    } as AnsweringServer['answer'];
    const seen: JobState[] = [];
    for await (const { state } of client.jobs.watch('J')) {
      seen.push(state);
    }
    expect(seen).toEqual(states);
    expect(server.asked).toHaveLength(3);
  });

  it('survives a restart of the gateway', async () => {
    const running = WatchJobResponse.fromPartial({ job: { id: 'J', state: JobState.JOB_STATE_RUNNING } });
    server.answer = async function* () {
      yield running;
      await new Promise(() => undefined);
    } as AnsweringServer['answer'];
    const watch = client.jobs.watch('J');
    expect((await watch.next()).value).toMatchObject({ state: JobState.JOB_STATE_RUNNING });
    const next = watch.next();
    server.stop();
    server.answer = async function* () {
      yield WatchJobResponse.fromPartial({ job: { id: 'J', state: JobState.JOB_STATE_CANCELLED } });
    } as AnsweringServer['answer'];
    await server.start(address);
    expect((await next).value).toMatchObject({ state: JobState.JOB_STATE_CANCELLED });
    expect((await watch.next()).done).toBe(true);
  });

  it('waits for the end, as long as it is told to', async () => {
    server.answer = async function* () {
      yield WatchJobResponse.fromPartial({ job: { state: JobState.JOB_STATE_RUNNING } });
      yield WatchJobResponse.fromPartial({ job: { state: JobState.JOB_STATE_DEAD } });
    } as AnsweringServer['answer'];
    expect(await client.jobs.wait('J')).toMatchObject({ state: JobState.JOB_STATE_DEAD });
    server.answer = async function* () {
      yield WatchJobResponse.fromPartial({ job: { state: JobState.JOB_STATE_RUNNING } });
      await new Promise(() => undefined);
    } as AnsweringServer['answer'];
    await expect(client.jobs.wait('J', { timeoutMs: 200 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
    const abort = new AbortController();
    const waiting = client.jobs.wait('J', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('gives a watch up that nobody answers, and one of a job that is not there', async () => {
    server.answer = () => {
      throw new MienError('BUS_UNAVAILABLE', 'nobody there');
    };
    await expect(client.jobs.wait('J', { patienceMs: 300 })).rejects.toMatchObject({
      reason: 'BUS_UNAVAILABLE',
    });
    expect(server.asked.length).toBeGreaterThan(1);
    server.asked.length = 0;
    server.answer = () => {
      throw new MienError('JOB_NOT_FOUND', 'none');
    };
    await expect(client.jobs.wait('J')).rejects.toMatchObject({ reason: 'JOB_NOT_FOUND' });
    expect(server.asked).toHaveLength(1);
  });

  it('tells the service when a reader leaves', async () => {
    let left: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      left = resolve;
    });
    server.answer = async function* () {
      try {
        for (;;) {
          yield WatchJobResponse.fromPartial({ job: { state: JobState.JOB_STATE_RUNNING } });
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        left();
      }
    } as AnsweringServer['answer'];
    for await (const { state } of client.jobs.watch('J')) {
      expect(state).toBe(JobState.JOB_STATE_RUNNING);
      break;
    }
    await gone;
  });

  it('gets and cancels', async () => {
    server.answer = (method) =>
      GetJobResponse.fromPartial({ job: { id: method, state: JobState.JOB_STATE_CANCELLED } });
    expect(await client.jobs.get('J')).toMatchObject({ id: 'getJob' });
    expect(await client.jobs.cancel('J')).toMatchObject({ id: 'cancelJob' });
    expect(server.asked.map(({ request }) => request)).toEqual([{ id: 'J' }, { id: 'J' }]);
  });
});
