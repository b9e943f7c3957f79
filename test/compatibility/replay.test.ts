import { join } from 'node:path';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { type Platform, startInOneProcess } from '@mien/platform';
import { Job, JobRecord, JobSpec, Lane, StoredJobResult, StoredKey } from '@mien/proto';
import { JobState, MienClient } from '@mien/sdk';
import { LocalDiskStore, type ObjectStore } from '@mien/stores';
import { jetstream } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { KINDS } from './kinds';
import { brief, type RecordedMessage, recordedMessages, recordedVersions } from './recorded-message';

const { version: CURRENT } = require('../../package.json');
const STAGES = ['detector', 'landmark', 'attributes', 'liveness', 'embedder', 'library'];
/** Of a field that no version knows: number 1000, length-delimited, "new". */
const OF_THE_FUTURE = Buffer.from([0xc2, 0x3e, 0x03, 0x6e, 0x65, 0x77]);

it('are recorded of the version that this is', () => {
  expect(recordedVersions()).toContain(CURRENT);
});

describe.each(recordedVersions())('messages of version %s', (version) => {
  const messages = recordedMessages(version);
  const of = (kind: string): RecordedMessage => {
    const found = messages.find((message) => message.kind === kind);
    if (found === undefined) {
      throw new Error(`version ${version} has no ${kind}`);
    }
    return found;
  };

  it.each(KINDS.map(({ name }) => name))('mean what they meant: %s', (name) => {
    const kind = KINDS.find((one) => one.name === name);
    const { data, meaning } = of(name);
    expect(brief(kind?.read(data))).toMatchObject(meaning as object);
  });

  describe('before the services of today', () => {
    let settings: TestSettings;
    let server: NatsServer;
    let nc: NatsConnection;
    let store: ObjectStore;
    let platform: Platform;
    let client: MienClient;

    beforeAll(async () => {
      settings = await testSettings('compatibility');
      const binary = findNatsServer({
        explicit: process.env['MIEN_NATS_SERVER'],
        path: process.env['PATH'],
        folders: [join('.mien', 'bin'), join('..', '.mien', 'bin')],
      });
      server = await startNatsServer({ binary, dataDir: join(settings.folder, 'nats') });
      nc = await connect({ servers: server.url });
      platform = await startInOneProcess({ ...settings.env, MIEN_NATS_URL: server.url });
      client = new MienClient(platform.grpcAddress, { timeoutMs: 60_000 });
      store = await LocalDiskStore.open({ folder: join(settings.folder, 'data', 'blobs') });
      await client.library.createGroup({ id: 'staff', name: 'Staff' });
    }, 180_000);
    afterAll(async () => {
      client?.close();
      await platform?.stop();
      await nc?.close();
      await server?.stop();
      await settings?.remove();
    });

    /** Sends a recorded job to its stage as if it were asked now; resolves with what comes back. */
    const answerTo = async (message: RecordedMessage, more: Buffer = Buffer.alloc(0)): Promise<Job> => {
      await putBlobs(message, store);
      const id = `replayed-${message.kind}-${more.length}`;
      const replyTo = `mien.reply.replay.${id}`;
      const answers = nc.subscribe(replyTo, { max: 1, timeout: 60_000 });
      const deadline = new Date(Date.now() + 60_000);
      const job = { ...Job.decode(message.data), id, replyTo, deadline, submission: undefined };
      const hdrs = headers();
      for (const [name, value] of Object.entries(message.headers)) {
        if (!name.startsWith('Nats-')) {
          hdrs.set(name, value);
        }
      }
      const bytes = Buffer.concat([Job.encode(job).finish(), more]);
      await jetstream(nc).publish(message.subject, bytes, { headers: hdrs });
      for await (const answer of answers) {
        return Job.decode(answer.data);
      }
      throw new Error(`no answer to ${message.kind}`);
    };
    /** Puts what was stored under its subject where the services of today look. */
    const file = async (kind: string, anew: (data: Buffer) => Uint8Array = (data) => data) => {
      const message = of(kind);
      await putBlobs(message, store);
      await jetstream(nc).publish(message.subject, anew(message.data));
      return message;
    };

    it.each(STAGES)('are worked on: by %s and those after it', async (stage) => {
      const recorded = Job.decode(of('reply').data);
      for (const more of [Buffer.alloc(0), OF_THE_FUTURE]) {
        const answer = await answerTo(of(`job-at-${stage}`), more);
        expect(answer.problem).toBeUndefined();
        expect(answer.photos.map(({ problem, faces }) => problem?.reason ?? faces.length)).toEqual([1]);
        const goesTo = Job.decode(of(`job-at-${stage}`).data).itinerary;
        expect(answer.library?.answer?.$case).toBe(goesTo.includes('library') ? 'createPerson' : undefined);
        const [now, then] = [answer, recorded].map((job) => job.photos[0]?.faces[0]?.answer?.box);
        expect(now?.x).toBeCloseTo(then?.x ?? Number.NaN, 0);
        expect(now?.width).toBeCloseTo(then?.width ?? Number.NaN, 0);
        await client.library.deletePerson('ada').catch(() => undefined);
      }
    });

    it('are found by who asks: a job and its results', async () => {
      const expiresAt = new Date(Date.now() + 3_600_000);
      const { data } = await file('job-record', (bytes) =>
        JobRecord.encode({ ...JobRecord.decode(bytes), expiresAt }).finish(),
      );
      await file('job-progress');
      await file('job-result');
      const record = JobRecord.decode(data);
      const job = await client.jobs.get(record.id);
      expect(job.state).toBe(JobState.JOB_STATE_DONE);
      const results = [];
      for await (const result of client.jobs.results(record.id)) {
        results.push(result);
      }
      const { stored } = StoredJobResult.decode(of('job-result').data);
      expect(results).toHaveLength(1);
      expect(results[0]).toMatchObject(stored?.$case === 'result' ? { index: stored.value.index } : {});
      expect(JobSpec.decode(of('job-spec').data).request?.photos).toHaveLength(1);
    });

    it('are found by who asks: keys, endpoints, rules, the audit trail, dead letters', async () => {
      const key = StoredKey.decode((await file('key')).data).key;
      await expect(client.keys.get(key?.id ?? '')).resolves.toMatchObject({
        name: key?.name,
        role: key?.role,
      });
      await file('endpoint');
      await file('rule');
      expect(await count(client.notifications.endpoints.list())).toBe(1);
      expect(await count(client.notifications.rules.list())).toBe(1);
      await file('audit-record');
      expect(await count(client.audit.list())).toBeGreaterThan(0);
      await file('dead-letter');
      expect(await count(client.deadLetters.list())).toBeGreaterThan(0);
    });

    it('name lanes that there are', () => {
      const lanes = STAGES.map((stage) => Job.decode(of(`job-at-${stage}`).data).lane);
      expect(lanes.every((lane) => Object.values(Lane).includes(lane))).toBe(true);
    });
  });
});

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let number = 0;
  for await (const _ of entries) {
    number += 1;
  }
  return number;
}

/** Back under the keys that they had: prefix, digest, scope. */
async function putBlobs({ blobs }: RecordedMessage, store: ObjectStore): Promise<void> {
  for (const [key, bytes] of Object.entries(blobs)) {
    const [, prefix, scope] = /^([^/]+)\/[0-9a-f]{64}(?:-(.+))?$/.exec(key) ?? [];
    const named = { ...(prefix && { prefix }), ...(scope && { scope }) };
    const put = await store.put(bytes, { ...named, retentionSeconds: 3_600 });
    expect(put.key).toBe(key);
  }
}
