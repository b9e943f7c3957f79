import { PHOTO_STAGES_SUBJECT, TASKS_STREAM } from '@mien/bus';
import { MienError } from '@mien/errors';
import { DetectResponse, JobPhotoStage, type JobResult, JobState } from '@mien/proto';
import { newJobId, recordKey } from './records/job-id';
import type { TaskExecutor } from './tasks/runner';
import { allResults, ended, submission, TestJobs } from './testing/test-jobs';

jest.setTimeout(90_000);

const GOOD: JobResult['result'] = {
  $case: 'detect',
  value: DetectResponse.fromPartial({ imageWidth: 1 }),
};
const good: TaskExecutor = async () => GOOD;

describe('jobs', () => {
  let world: TestJobs;
  beforeEach(async () => {
    world = await TestJobs.start();
  });
  afterEach(() => world.stop());

  it('answer each photo once and end as done; one bad photo fails itself', async () => {
    const { jobs } = await world.gateway(async ({ index }) => {
      if (index === 2) {
        throw new MienError('NO_FACE', 'the photo shows no face');
      }
      return GOOD;
    });
    const { id, state } = await jobs.submit(submission(5));
    expect(state).toBe(JobState.JOB_STATE_QUEUED);
    const job = await ended(jobs, id);
    expect(job).toMatchObject({
      state: JobState.JOB_STATE_DONE,
      photosDone: 4,
      photosFailed: 1,
      progress: 100,
    });
    const results = await allResults(jobs, id);
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(results[2]).toMatchObject({
      name: 'photo 2',
      gaveUp: false,
      result: { $case: 'refusal', value: { reason: 'NO_FACE' } },
    });
  });

  it('fail when every photo was refused', async () => {
    const { jobs } = await world.gateway(async () => {
      throw new MienError('IMAGE_CORRUPT', 'no photo');
    });
    const { id } = await jobs.submit(submission(3));
    expect(await ended(jobs, id)).toMatchObject({ state: JobState.JOB_STATE_FAILED, photosFailed: 3 });
  });

  it('of a thousand photos fit a server of the default message size, and leave nothing queued', async () => {
    const gateway = await world.gateway(good, 16);
    const { id } = await gateway.jobs.submit(submission(1_000));
    const job = await ended(gateway.jobs, id);
    expect(job).toMatchObject({ state: JobState.JOB_STATE_DONE, photosDone: 1_000 });
    expect((await allResults(gateway.jobs, id)).length).toBe(1_000);
    const { state } = await gateway.bus.jsm.streams.info(TASKS_STREAM);
    expect(state.messages).toBe(0);
  });

  it('are not held up by messages that are none', async () => {
    const { jobs, bus } = await world.gateway(good);
    const garbage = [Buffer.from('fbffffffff7f', 'hex'), Buffer.from('0a0178', 'hex'), Buffer.alloc(0)];
    for (const data of garbage) {
      await bus.js.publish('mien.tasks.batch.x', data);
      await bus.js.publish('$KV.mien_jobs.job.20260131.x', data);
    }
    const { id } = await jobs.submit(submission(3));
    expect(await ended(jobs, id)).toMatchObject({ state: JobState.JOB_STATE_DONE, photosDone: 3 });
    await bus.js.publish(`$KV.mien_jobs.${recordKey(newJobId())}`, '{"type":"an answer of JetStream"}');
    const { jobs: listed } = await jobs.list({ states: [], size: 100, cursor: '' });
    expect(listed[0]?.id).toBe(id);
    let queued = Number.NaN;
    while (queued !== 0) {
      queued = (await bus.jsm.streams.info(TASKS_STREAM)).state.messages;
    }
  });

  it('are the same job for the same idempotency key, also when handed in at once', async () => {
    const first = await world.gateway();
    const second = await world.gateway();
    const one = submission(2, { idempotencyKey: 'once' });
    const made = await Promise.all([first, second, first].map(({ jobs }) => jobs.submit(one)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const other = submission(3, { idempotencyKey: 'once' });
    await expect(second.jobs.submit(other)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    const stranger = await first.jobs.submit(submission(3, { idempotencyKey: 'once', keyId: 'another' }));
    expect(stranger.id).not.toBe(made[0]?.id);
  });

  it('tell where their photos are, as stages tell it, until those are answered', async () => {
    const { jobs, bus } = await world.gateway();
    const { id } = await jobs.submit(submission(3));
    const tell = (photoIndex: number, stage: string) =>
      bus.nc.publish(PHOTO_STAGES_SUBJECT, JobPhotoStage.encode({ jobId: id, photoIndex, stage }).finish());
    tell(0, 'detector');
    tell(1, 'detector');
    tell(2, 'detector');
    tell(0, 'landmark');
    tell(2, 'embedder');
    await bus.nc.flush();
    await jobs.files.answer(await jobs.files.record(id), { index: 2, name: '', result: GOOD, gaveUp: false });
    expect((await jobs.get(id)).stages).toEqual([
      { stage: 'detector', photos: 1 },
      { stage: 'landmark', photos: 1 },
    ]);
    for await (const job of jobs.watch(id, AbortSignal.timeout(30_000))) {
      if (job.stages.length === 1) {
        expect(job.stages).toEqual([{ stage: 'landmark', photos: 2 }]);
        break;
      }
      tell(1, 'landmark');
    }
    await jobs.cancel(id);
    expect((await jobs.get(id)).stages).toEqual([]);
  });

  it('are not begun after they were cancelled', async () => {
    const begun: number[] = [];
    let started: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      started = resolve;
    });
    const { jobs } = await world.gateway(async ({ index, signal }) => {
      begun.push(index);
      started();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    }, 1);
    const { id } = await jobs.submit(submission(20));
    await first;
    const cancelled = await jobs.cancel(id);
    expect(cancelled.state).toBe(JobState.JOB_STATE_CANCELLED);
    expect((await jobs.cancel(id)).state).toBe(JobState.JOB_STATE_CANCELLED);
    // The queue is worked off behind it: a job that comes later is at its end of the queue.
    const later = await jobs.submit(submission(1));
    await jobs.cancel(later.id);
    expect(begun.length).toBeLessThanOrEqual(2);
    expect(await allResults(jobs, id)).toEqual([]);
    expect((await jobs.get(id)).state).toBe(JobState.JOB_STATE_CANCELLED);
  });

  it('fail when their deadline passes', async () => {
    const { jobs } = await world.gateway(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const { id } = await jobs.submit({ ...submission(2), deadline: new Date(Date.now() + 1_500) });
    expect(await ended(jobs, id)).toMatchObject({
      state: JobState.JOB_STATE_FAILED,
      failure: { reason: 'DEADLINE_EXCEEDED' },
    });
  });

  it('are dead when the platform gives up, and done when they are driven again', async () => {
    let broken = true;
    const { jobs } = await world.gateway(async ({ index }) => {
      if (index === 1 && broken) {
        throw new MienError('STAGE_FAILED', 'the stage could not do its work');
      }
      return GOOD;
    });
    const { id } = await jobs.submit(submission(3));
    const dead = await ended(jobs, id);
    expect(dead).toMatchObject({ state: JobState.JOB_STATE_DEAD, photosDone: 2, photosFailed: 1 });
    expect((await allResults(jobs, id))[1]).toMatchObject({ gaveUp: true });
    broken = false;
    await jobs.redrive(id, new Date(Date.now() + 60_000));
    expect(await ended(jobs, id)).toMatchObject({ state: JobState.JOB_STATE_DONE, photosDone: 3 });
    await expect(jobs.redrive(id, new Date())).rejects.toMatchObject({ reason: 'JOB_ENDED' });
  });

  it('of one key do not starve those of another', async () => {
    const order: string[] = [];
    const taken = await world.gateway();
    const many = await taken.jobs.submit(submission(400, { keyId: 'many' }));
    const { jobs } = await world.gateway(async ({ record }) => {
      order.push(record.owner?.keyId ?? '');
      return GOOD;
    }, 2);
    // Once the first tasks of the many are done, a few of another key come.
    for await (const job of jobs.watch(many.id, AbortSignal.timeout(30_000))) {
      if (job.photosDone > 0) {
        break;
      }
    }
    const few = await jobs.submit(submission(5, { keyId: 'few' }));
    const before = order.length;
    await ended(jobs, few.id);
    const turns = order.slice(before);
    expect(turns.filter((key) => key === 'few').length).toBe(5);
    expect((await jobs.get(many.id)).photosDone).toBeLessThan(400);
  });

  it('are listed by state and key, the newest first, page by page', async () => {
    const { jobs } = await world.gateway();
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      ids.unshift((await jobs.submit(submission(1))).id);
    }
    await jobs.submit(submission(1, { keyId: 'another' }));
    await jobs.cancel(ids[1] ?? '');
    const query = { keyId: 'key', states: [], size: 2, cursor: '' };
    const first = await jobs.list(query);
    const second = await jobs.list({ ...query, cursor: first.nextCursor });
    const third = await jobs.list({ ...query, cursor: second.nextCursor });
    const pages = [first, second, third].map((page) => page.jobs.map(({ id }) => id));
    expect(pages.flat()).toEqual([...ids].sort().reverse());
    expect(third.nextCursor).toBe('');
    const cancelled = await jobs.list({ ...query, states: [JobState.JOB_STATE_CANCELLED] });
    expect(cancelled.jobs.map(({ id }) => id)).toEqual([ids[1]]);
    await expect(jobs.list({ ...query, cursor: 'x' })).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
    await expect(jobs.get('x')).rejects.toMatchObject({ reason: 'JOB_NOT_FOUND' });
  });

  it('count the result that was there first, whatever comes after it', async () => {
    const { jobs } = await world.gateway();
    const { id } = await jobs.submit(submission(2));
    const record = await jobs.files.record(id);
    const refusal = { $case: 'refusal' as const, value: { reason: 'NO_FACE', message: 'no face' } };
    await jobs.files.answer(record, { index: 0, name: '', result: GOOD, gaveUp: false });
    await jobs.files.answer(record, { index: 0, name: '', result: refusal, gaveUp: true });
    await jobs.files.answer(record, { index: 1, name: '', result: GOOD, gaveUp: false });
    expect(await jobs.get(id)).toMatchObject({
      state: JobState.JOB_STATE_DONE,
      photosDone: 2,
      photosFailed: 0,
    });
  });

  it('are not changed by what belongs to the attempt before', async () => {
    const { jobs } = await world.gateway();
    const { id } = await jobs.submit(submission(1));
    const first = await jobs.files.record(id);
    const refusal = { $case: 'refusal' as const, value: { reason: 'INTERNAL', message: 'a fault' } };
    const givenUp = { index: 0, name: '', result: refusal, gaveUp: true };
    await jobs.files.answer(first, givenUp);
    const dead = await jobs.files.progress(id);
    const deadline = new Date(Date.now() + 60_000);
    const driven = await Promise.all([jobs.redrive(id, deadline), jobs.redrive(id, deadline)].map(settled));
    expect(driven).toContain('done');
    // Whoever was slow in the first attempt goes on now: to answer, and to end the job as it was.
    await jobs.files.answer(first, givenUp);
    await jobs.files.copyEnd(id, dead);
    const second = await jobs.files.record(id);
    expect(second).toMatchObject({ state: JobState.JOB_STATE_QUEUED, attempt: 2 });
    await jobs.files.answer(second, { ...givenUp, result: GOOD, gaveUp: false });
    expect(await jobs.get(id)).toMatchObject({ state: JobState.JOB_STATE_DONE, photosDone: 1 });
    expect((await allResults(jobs, id))[0]).toMatchObject({ gaveUp: false, result: { $case: 'detect' } });
  });

  it('are given up after four faults, whichever gateways met them', async () => {
    let attempts = 0;
    const faulty: TaskExecutor = async () => {
      attempts += 1;
      throw new MienError('INTERNAL', 'a fault');
    };
    const { jobs } = await world.gateway(faulty);
    await world.gateway(faulty);
    const { id } = await jobs.submit(submission(1));
    expect(await ended(jobs, id)).toMatchObject({ state: JobState.JOB_STATE_DEAD });
    expect(attempts).toBe(4);
  });

  it('survive a gateway that dies and a nats-server that is killed', async () => {
    const done = new Map<string, number>();
    const count: TaskExecutor = async ({ record, index }) => {
      const task = `${record.id}.${index}`;
      done.set(task, (done.get(task) ?? 0) + 1);
      return GOOD;
    };
    const doomed = await world.gateway(async (work) => {
      await count(work);
      return new Promise((_, reject) =>
        work.signal.addEventListener('abort', () => reject(work.signal.reason)),
      );
    });
    const survivor = await world.gateway(count);
    const submitted = await Promise.all(
      Array.from({ length: 10 }, () => survivor.jobs.submit(submission(10))),
    );
    await doomed.crash();
    const back = new Promise<void>((resolve) => survivor.bus.onReconnect(resolve));
    await world.killBus();
    await back;
    for (const { id } of submitted) {
      expect(await ended(survivor.jobs, id)).toMatchObject({
        state: JobState.JOB_STATE_DONE,
        photosDone: 10,
      });
    }
    expect(done.size).toBe(100);
  });
});

function settled(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    () => 'refused',
  );
}
