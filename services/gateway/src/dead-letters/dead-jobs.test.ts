import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, findNatsServer, type NatsServer, provision, startNatsServer } from '@mien/bus';
import { JobStore, provisionJobs } from '@mien/jobs';
import { JobOwner, JobRecord, JobState, ListDeadLettersRequest, SubmitJobRequest } from '@mien/proto';
import { LocalDiskStore } from '@mien/stores';
import pino from 'pino';
import { LOCAL_OPERATOR } from '../access/principal';
import { Call } from '../usecases/call';
import { deadJobLetters } from './dead-jobs';
import { deadLetterUseCases } from './dead-letter-use-cases';
import { stageLetters } from './stage-letters';

const logger = pino({ level: 'silent' });
const DAY_SECONDS = 86_400;

describe('dead jobs', () => {
  let folder: string;
  let nats: NatsServer;
  let bus: Bus;
  let jobs: JobStore;
  const call = new Call(60_000, { principal: LOCAL_OPERATOR });

  /** A job that was handed in, and ended like that. */
  const ended = async (name: string, state: JobState): Promise<string> => {
    const request = SubmitJobRequest.fromPartial({
      name,
      photos: [{ source: { $case: 'url', value: 'https://example.com/a.jpg' } }],
      work: { $case: 'detect', value: {} },
    });
    const owner = JobOwner.fromPartial({ keyId: 'ada' });
    const { id } = await jobs.submit({ request, owner, deadline: new Date(Date.now() + 60_000) });
    const record = await jobs.files.record(id);
    const failure = { reason: 'STAGE_FAILED', message: 'the platform gave up on 1 of its photos' };
    const end = { state, failure, done: 0, failed: 1 };
    const subject = await subjectOf(id);
    await bus.js.publish(subject, JobRecord.encode({ ...record, state, end, endedAt: new Date() }).finish());
    return id;
  };

  /** The subject that the record of the job lies under. */
  const subjectOf = async (id: string): Promise<string> => {
    const { state } = await bus.jsm.streams.info('KV_mien_jobs', {
      subjects_filter: `$KV.mien_jobs.job.*.${id}`,
    });
    return Object.keys(state.subjects ?? {})[0] ?? '';
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-dead-jobs-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../../.mien/bin')],
    });
    nats = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    bus = await Bus.connect({ servers: [nats.url], name: 'test', logger });
    await provision(bus);
    await provisionJobs(bus, { replicas: 1, retentionSeconds: DAY_SECONDS });
    const store = await LocalDiskStore.open({ folder: join(folder, 'blobs'), fsync: false });
    jobs = await JobStore.open({ bus, store, logger, retentionSeconds: DAY_SECONDS });
  });

  afterAll(async () => {
    call.close();
    await bus.close();
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it('are listed, shown and driven again', async () => {
    const letters = deadLetterUseCases([stageLetters(bus, 60_000), deadJobLetters(jobs, 60_000)]);
    const first = await ended('first', JobState.JOB_STATE_DEAD);
    const done = await ended('done', JobState.JOB_STATE_DONE);
    const second = await ended('second', JobState.JOB_STATE_DEAD);
    const listed: string[] = [];
    let cursor = '';
    do {
      const request = ListDeadLettersRequest.fromPartial({ page: { size: 1, cursor } });
      const page = await letters.listDeadLetters(request, call);
      listed.push(...page.letters.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(listed.toSorted()).toEqual([`job-${first}`, `job-${second}`].toSorted());
    const { letter } = await letters.getDeadLetter({ id: `job-${first}` }, call);
    expect(letter).toMatchObject({ where: 'detect', jobId: first, problem: { reason: 'STAGE_FAILED' } });
    expect(JSON.parse(letter?.detail ?? '')).toMatchObject({ name: 'first', keyId: 'ada', photosFailed: 1 });
    for (const id of [`job-${done}`, 'job-nothing', 'stage-7']) {
      await expect(letters.getDeadLetter({ id }, call)).rejects.toMatchObject({
        reason: 'DEAD_LETTER_NOT_FOUND',
      });
    }
    await letters.redriveDeadLetter({ id: `job-${first}` }, call);
    expect((await jobs.get(first)).state).toBe(JobState.JOB_STATE_QUEUED);
    await expect(letters.redriveDeadLetter({ id: `job-${first}` }, call)).rejects.toMatchObject({
      reason: 'DEAD_LETTER_NOT_FOUND',
    });
  });
});
