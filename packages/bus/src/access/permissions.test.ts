import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeadLetter } from '@mien/proto';
import { LocalDiskStore } from '@mien/stores';
import { AckPolicy } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import { metrics } from '@opentelemetry/api';
import { STAGE_NAMES, type StageName } from '../catalog';
import type { Bus } from '../connection';
import { listDeadLetters, redriveDeadLetter } from '../dead/cemetery';
import { Undertaker } from '../dead/undertaker';
import { JobClient } from '../job-client';
import type { JobHandler } from '../job-run';
import { laneLoad } from '../lane-depth';
import { KEYS_BUCKET } from '../names/access';
import { EVENT_SUBJECTS, EVENTS_STREAM, QUIET_BUCKET } from '../names/notifications';
import { provision } from '../provision/provision';
import { setUpOn } from '../provision/set-up';
import { bucketStream } from '../provision/stream-plans';
import { createLineMetrics } from '../telemetry/metrics';
import { Attempts } from '../testing/attempt';
import { DEEDS } from '../testing/deeds';
import { GuardedServer } from '../testing/guarded-server';
import { newJob, stamp, stampsOf } from '../testing/test-line';
import { StageWorker } from '../worker';
import { newCredentials } from './credentials';
import { BUS_USERS, type BusUser } from './users';

const PAGE = readFileSync(join(__dirname, '../../../../docs/security/nats.md'), 'utf8');

let guarded: GuardedServer;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  guarded = await GuardedServer.start();
  await provision(await guarded.as('provisioner'));
});
afterAll(async () => {
  for (const close of closing.splice(0)) {
    await close();
  }
  await guarded.stop();
});

async function parts(user: BusUser) {
  const store = await LocalDiskStore.open({ folder: join(guarded.folder, 'blobs'), fsync: false });
  const { logger } = guarded;
  const lineMetrics = createLineMetrics(metrics.getMeter('test'));
  return { bus: await guarded.as(user), store, logger, metrics: lineMetrics, blobRetentionSeconds: 60 };
}

async function stage(name: StageName, handler: JobHandler): Promise<void> {
  const own = await parts(name);
  const worker = new StageWorker({ ...own, stage: name, handler, concurrency: 2 });
  const undertaker = new Undertaker({ ...own, stage: name });
  closing.push(() => Promise.all([worker.drain(1_000), undertaker.stop()]));
}

async function client(user: 'gateway' | 'library'): Promise<JobClient> {
  const jobs = new JobClient(await parts(user));
  closing.push(async () => jobs.close());
  return jobs;
}

describe('with rights of its own for each service', () => {
  it('a stage buries its job that no worker lived to acknowledge', async () => {
    const operator = await guarded.as('operator');
    const buried = once(operator, 'mien.dead.detector');
    const gateway = await guarded.as('gateway');
    const { seq } = await gateway.js.publish('mien.work.detector.batch', 'no job');
    const undertaker = new Undertaker({ ...(await parts('detector')), stage: 'detector' });
    // As the server would say it after the last of the attempts.
    const advisory = { stream: 'MIEN_DETECTOR', stream_seq: seq, deliveries: 4 };
    const subject = '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.MIEN_DETECTOR.detector-batch';
    await operator.js.publish(subject, JSON.stringify(advisory));
    expect(DeadLetter.decode((await buried).data)).toMatchObject({ stage: 'detector', deliveries: 4 });
    await undertaker.stop();
    expect(await operator.jsm.streams.getMessage('MIEN_DETECTOR', { seq })).toBeNull();
    await operator.jsm.streams.purge('MIEN_DEAD');
  });

  it('the line works, from the first stage to the answer', async () => {
    for (const name of STAGE_NAMES) {
      await stage(name, async (job) => stamp(job, name));
    }
    const gateway = await client('gateway');
    const job = await gateway.submit(newJob([...STAGE_NAMES]), { deadlineMs: 60_000 });
    expect(stampsOf(job)).toEqual([...STAGE_NAMES]);
    const shortcut = await gateway.submit(newJob(['library']), { deadlineMs: 60_000 });
    expect(stampsOf(shortcut)).toEqual(['library']);
  });

  it('the library puts crops before the embedder', async () => {
    const job = await (await client('library')).submit(newJob(['embedder']), { deadlineMs: 60_000 });
    expect(stampsOf(job)).toEqual(['embedder']);
  });

  it('the gateway sees the queues, and the dead, and puts them back', async () => {
    const bus = await guarded.as('gateway');
    expect(await laneLoad(bus, 'library', 'interactive')).toMatchObject({ waiting: 0 });
    const detector = await guarded.as('detector');
    await detector.js.publish('mien.dead.detector', new Uint8Array());
    const [letter] = await listDeadLetters(bus, 10);
    // It holds no job: that it could be read is the point.
    await expect(redriveDeadLetter(bus, letter?.sequence ?? 0, { deadlineMs: 1_000 })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
    });
    expect(await bus.jsm.streams.deleteMessage('MIEN_DEAD', letter?.sequence ?? 0)).toBe(true);
  });

  it('a listener misses no event, by a consumer of its own', async () => {
    const operator = await guarded.as('operator');
    await setUpOn(operator, {}).stream({ name: EVENTS_STREAM, subjects: [EVENT_SUBJECTS] });
    await (await guarded.as('library')).js.publish('mien.events.person.enrolled', 'an enrolment');
    const listener = await guarded.as('listener');
    const filter_subject = 'mien.events.person.*';
    await listener.jsm.consumers.add(EVENTS_STREAM, {
      durable_name: 'mine',
      filter_subject,
      ack_policy: AckPolicy.Explicit,
    });
    const event = await (await listener.js.consumers.get(EVENTS_STREAM, 'mine')).next();
    expect(event?.string()).toBe('an enrolment');
    expect(await event?.ackAck()).toBe(true);
    await operator.jsm.streams.delete(EVENTS_STREAM);
  });

  it.each([
    ['another place', 'detector', '$KV.mien_keys.forged'],
    ["another stage's queue", 'detector', 'mien.work.library.batch'],
    ['the queue of a stage that did not bury it', 'library', 'mien.work.library.batch'],
  ])('a stage can not have the gateway put a dead job into %s', async (_, stage, subject) => {
    const detector = await guarded.as('detector');
    const letter = DeadLetter.fromPartial({ job: { id: 'job' }, stage, subject });
    const { seq } = await detector.js.publish('mien.dead.detector', DeadLetter.encode(letter).finish());
    const gateway = await guarded.as('gateway');
    await expect(redriveDeadLetter(gateway, seq, { deadlineMs: 1_000 })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      message: expect.stringContaining('its stage'),
    });
    await gateway.jsm.streams.deleteMessage('MIEN_DEAD', seq);
  });

  it('what is no letter hides no other', async () => {
    const detector = await guarded.as('detector');
    await detector.js.publish('mien.dead.detector', DeadLetter.encode(DeadLetter.fromPartial({})).finish());
    await detector.js.publish('mien.dead.detector', '{"type":"an answer of JetStream"}');
    const letters = await listDeadLetters(await guarded.as('gateway'), 2);
    expect(letters.map(({ letter }) => letter.problem?.reason)).toEqual(['RECORD_UNREADABLE', undefined]);
    await (await guarded.as('operator')).jsm.streams.purge('MIEN_DEAD');
  });

  it('nobody writes a key by having the server answer there', async () => {
    const operator = await guarded.as('operator');
    const buckets = [KEYS_BUCKET, QUIET_BUCKET].map((name) => bucketStream(name, { replicas: 1 }));
    for (const bucket of buckets) {
      await setUpOn(operator, {}).stream(bucket);
    }
    const notifier = await guarded.as('notifier');
    await notifier.js.publish('$KV.mien_quiet.x', 'a key of my own');
    const forge = (bus: Bus) => {
      const reply = '$KV.mien_keys.forged';
      bus.nc.publish('$JS.API.DIRECT.GET.KV_mien_quiet.$KV.mien_quiet.x', '', { reply });
      return bus.nc.flush();
    };
    await forge(notifier);
    expect((await operator.jsm.streams.info('KV_mien_keys')).state.messages).toBe(0);
    // Who may ask in that way can.
    const written = once(operator, '$KV.mien_keys.forged');
    await forge(operator);
    expect((await written).string()).toBe('a key of my own');
    for (const { name } of buckets) {
      await operator.jsm.streams.delete(name);
    }
  });

  it.each(BUS_USERS.filter((user) => user !== 'provisioner'))('%s finds its part set up', async (user) => {
    await provision(await guarded.as(user), { mode: 'check' });
  });
});

describe('what somebody may do', () => {
  const { users, rows } = tableIn(PAGE);

  it('is told of every user, and of every deed', () => {
    expect(users).toEqual(BUS_USERS);
    expect([...rows.keys()]).toEqual(Object.keys(DEEDS));
  });

  it.each(BUS_USERS)('is as the table has it: %s', async (user) => {
    const attempts = new Attempts((await guarded.as(user)).nc);
    const done: Record<string, boolean[]> = {};
    const told: Record<string, boolean[]> = {};
    for (const [what, deeds] of Object.entries(DEEDS)) {
      const allowed = [];
      for (const deed of deeds) {
        allowed.push(await attempts.isAllowed(deed));
      }
      done[what] = allowed;
      told[what] = deeds.map(() => rows.get(what)?.[users.indexOf(user)] === 'x');
    }
    expect(done).toEqual(told);
  });

  it('is nothing for who has no credentials, or others', async () => {
    await expect(guarded.connect('operator', undefined)).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
    const others = guarded.connect('operator', newCredentials().seed);
    await expect(others).rejects.toThrow('does not let us in');
    // Inboxes are the users' own, too.
    const landmark = guarded.connect('landmark', guarded.seedOf('detector'));
    await expect(landmark).rejects.toThrow('_INBOX.mien-landmark');
    await expect(guarded.connect('operator', 'no seed')).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
      message: expect.not.stringContaining('no seed'),
    });
  });
});

/** The next message on a subject. */
function once(bus: Bus, subject: string): Promise<Msg> {
  return new Promise((resolve, reject) => {
    bus.nc.subscribe(subject, {
      max: 1,
      callback: (error, msg) => (error === null ? resolve(msg) : reject(error)),
    });
  });
}

/** The page's table of what somebody may do, by user. */
function tableIn(page: string): { users: string[]; rows: Map<string, string[]> } {
  const [, section = ''] = page.split('## Who may do what');
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [header = [], , ...body] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return {
    users: header.slice(1),
    rows: new Map(body.map(([what = '', ...marks]) => [what, marks])),
  };
}
