import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { DeadLetter } from '@mien/proto';
import { JobState, MienClient, Role } from '@mien/sdk';
import { jetstream } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces, variant } from '../photos/single-faces';
import { CallbackReceiver } from './callback-receiver';
import { type TestSettings, testSettings } from './test-platform';

const GROUP = 'staff';
const SOURCE = 'front door';
/** How nats-server and the services tell of what a user may not do. */
const VIOLATION = /violation/i;

async function allOf<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) {
    all.push(entry);
  }
  return all;
}

describe('services that may do no more on NATS than they need', () => {
  const lines: string[] = [];
  let heard: (line: string) => unknown = () => undefined;
  let settings: TestSettings;
  let platform: ProcessPlatform;
  let client: MienClient;
  let receiver: CallbackReceiver;
  let faces: Buffer[];
  let endpointId: string;

  /** The next line of a log that holds all of these. */
  const lineWith = (...parts: readonly string[]) =>
    new Promise<string>((resolve) => {
      heard = (line) => parts.every((part) => line.includes(part)) && resolve(line);
    });
  const connectAs = async (user: string) => {
    const seed = await readFile(join(dirname(platform.natsNkeyFile ?? ''), `${user}.nk`), 'utf8');
    const authenticator = nkeyAuthenticator(Buffer.from(seed.trim()));
    return connect({ servers: platform.natsUrl, authenticator, inboxPrefix: `_INBOX.mien-${user}` });
  };
  const typeOfNext = async () => (JSON.parse((await receiver.next()).body) as { type: string }).type;

  beforeAll(async () => {
    settings = await testSettings('permissions');
    receiver = await CallbackReceiver.listen();
    platform = await startProcessEach(
      { ...settings.env, MIEN_GATEWAY_AUTH: 'keys', MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32' },
      (line) => {
        lines.push(line);
        heard(line);
      },
    );
    const apiKey = (await readFile(platform.adminKeyFile ?? '', 'utf8')).trim();
    client = new MienClient(platform.grpcAddress, { apiKey, timeoutMs: 120_000 });
    const { endpoint } = await client.notifications.endpoints.create({ url: receiver.url });
    endpointId = endpoint?.id ?? '';
  });
  afterAll(async () => {
    client?.close();
    receiver?.close();
    await platform?.stop();
    await settings?.remove();
  });

  it('bring a photo through every stage', async () => {
    const features = { landmarks: true, quality: true, attributes: true, liveness: true, template: true };
    const [photo] = packagedPhotos();
    const { faces: found } = await client.detect(photo?.path ?? '', { features });
    expect(found[0]).toMatchObject({ liveness: expect.anything(), template: expect.anything() });
    await client.checkLiveness(photo?.path ?? '', { source: SOURCE });
  });

  it('enrol, find, tell of who was seen, and look for duplicates', async () => {
    faces = (await singleFaces(client)).slice(0, 3);
    await client.library.createGroup({ id: GROUP, name: GROUP });
    for (const [index, face] of faces.entries()) {
      await client.library.createPerson({ id: `person-${index}`, groupId: GROUP, name: `${index}` }, face);
    }
    await client.notifications.rules.create({ name: 'all', endpointId, groupIds: [GROUP], quietSeconds: 60 });
    const again = await variant(faces[0] ?? Buffer.alloc(0), 9);
    const { results } = await client.library.search(again, [GROUP], { source: SOURCE });
    expect(results[0]?.candidates[0]?.personId).toBe('person-0');
    expect(await typeOfNext()).toBe('person.matched');
    const check = await client.jobs.submit([], { duplicateCheck: { groupIds: [GROUP], minimumScore: 70 } });
    expect(await client.jobs.wait(check.id)).toMatchObject({ state: JobState.JOB_STATE_DONE });
  });

  it('do jobs, cancel them, and call back', async () => {
    const photos = faces.map((photo) => ({ photo }));
    const callback = { callbackEndpointId: endpointId, idempotencyKey: 'once' };
    const { id } = await client.jobs.submit(photos, { detect: {} }, callback);
    expect(await client.jobs.wait(id)).toMatchObject({ photosDone: faces.length });
    expect(await allOf(client.jobs.results(id))).toHaveLength(faces.length);
    expect(await typeOfNext()).toBe('job.finished');
    const many = Array.from({ length: 100 }, () => ({ photo: faces[0] ?? Buffer.alloc(0) }));
    const long = await client.jobs.submit(many, { detect: { features: { attributes: true } } });
    expect(await client.jobs.cancel(long.id)).toMatchObject({ state: JobState.JOB_STATE_CANCELLED });
    expect(await allOf(client.jobs.list())).toHaveLength(3);
  });

  it('keep keys and the audit trail, and drop what belongs to an endpoint', async () => {
    const { key, secret } = await client.keys.create({ name: 'door', role: Role.ROLE_READ });
    const door = new MienClient(platform.grpcAddress, { apiKey: secret });
    expect((await door.library.getGroup(GROUP)).id).toBe(GROUP);
    await client.keys.revoke(key?.id ?? '');
    await expect(door.library.getGroup(GROUP)).rejects.toMatchObject({
      reason: expect.stringMatching(/KEY/),
    });
    door.close();
    expect((await allOf(client.audit.export())).length).toBeGreaterThan(5);
    expect((await allOf(client.audit.list())).length).toBeGreaterThan(5);
    await client.notifications.endpoints.rotateSecret(endpointId);
    const [rule] = await allOf(client.notifications.rules.list());
    await client.notifications.rules.delete(rule?.id ?? '');
    const dropped = lineWith('endpoint removed');
    await client.notifications.endpoints.delete(endpointId);
    await dropped;
  });

  it('put dead jobs back, and bury them', async () => {
    expect(await allOf(client.deadLetters.list())).toEqual([]);
    const operator = await connectAs('operator');
    // Not the detector's, which will bury it at once.
    const job = { id: 'lost', itinerary: ['landmark'] };
    const letter = { job, stage: 'detector', subject: 'mien.work.detector.batch' };
    const buried = DeadLetter.encode(DeadLetter.fromPartial(letter)).finish();
    await jetstream(operator).publish('mien.dead.detector', buried);
    await operator.close();
    const [before] = await allOf(client.deadLetters.list());
    const again = lineWith('a job is dead');
    await client.deadLetters.redrive(before?.id ?? '');
    await again;
    const [after] = await allOf(client.deadLetters.list());
    expect(after?.id).not.toBe(before?.id);
  });

  it('go on when they were killed', async () => {
    for (const service of ['detector', 'library', 'notifier', 'gateway'] as const) {
      const ready = lineWith(`"service":"mien-${service}"`, '"msg":"ready"');
      process.kill(platform.pidOf(service) ?? 0, 'SIGKILL');
      await ready;
    }
    const { results } = await client.library.search(faces[1] ?? Buffer.alloc(0), [GROUP]);
    expect(results[0]?.candidates[0]?.personId).toBe('person-1');
  });

  it('are refused nothing, while a detector that reads what the library is asked is, and is told of', async () => {
    expect(lines.filter((line) => VIOLATION.test(line))).toEqual([]);
    const told = lineWith('mien.work.library.interactive');
    const detector = await connectAs('detector');
    const subscription = detector.subscribe('mien.work.library.interactive', { callback: () => undefined });
    expect(await told).toMatch(VIOLATION);
    await subscription.closed;
    await detector.close();
    await expect(connect({ servers: platform.natsUrl })).rejects.toThrow(/Authorization/);
  });
});
