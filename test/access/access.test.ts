import { readFile, stat } from 'node:fs/promises';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient, MienError, Role } from '@mien/sdk';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces } from '../photos/single-faces';
import { makeCallers } from './callers';
import { walk } from './walk';
import { walkTable } from './walk-table';

const TIMEOUT_MS = 60_000;

describe('the front door', () => {
  let settings: TestSettings;
  let platform: Platform;
  let adminKey: string;
  let admin: MienClient;
  let clients: MienClient[];

  const client = (apiKey?: string): MienClient => {
    const made = new MienClient(platform.grpcAddress, {
      timeoutMs: TIMEOUT_MS,
      retries: 0,
      ...(apiKey === undefined ? {} : { apiKey }),
    });
    clients.push(made);
    return made;
  };
  const keyed = async (role: Role, groupIds: readonly string[] = []): Promise<MienClient> => {
    const { secret } = await admin.keys.create({ name: 'test', role, groupIds });
    return client(secret);
  };

  beforeAll(async () => {
    settings = await testSettings('access');
    clients = [];
    platform = await startInOneProcess({ ...settings.env, MIEN_GATEWAY_AUTH: undefined });
    adminKey = (await readFile(platform.adminKeyFile ?? '', 'utf8')).trim();
    admin = client(adminKey);
  }, 180_000);

  afterAll(async () => {
    for (const one of clients) {
      one.close();
    }
    await platform?.stop();
    await settings?.remove();
  });

  it('has a key of its own for the admin of this machine, which nobody else can read', async () => {
    const { mode } = await stat(platform.adminKeyFile ?? '');
    expect(mode & 0o777).toBe(0o600);
    expect(adminKey).toMatch(/^mien_[0-9a-f]{20}_[\w-]{43}$/);
    expect((await gathered(admin.keys.list())).map(({ name, role }) => [name, role])).toEqual([
      ['first admin key', Role.ROLE_ADMIN],
    ]);
  });

  it('lets each caller do what was designed, by every method and every path', async () => {
    const rows = await walk(platform, await makeCallers(platform.grpcAddress, adminKey));
    console.log(walkTable(rows));
    expect(rows.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(rows.length).toBeGreaterThan(100);
  }, 180_000);

  it('keeps a limited key to its groups, and shows it nothing of others', async () => {
    const [first, second] = await singleFaces(admin);
    await admin.library.createGroup({ id: 'staff', name: 'staff' });
    await admin.library.createGroup({ id: 'guests', name: 'guests' });
    await admin.library.createPerson({ groupId: 'staff', id: 'ann', name: 'Ann' }, first ?? '');
    await admin.library.createPerson({ groupId: 'guests', id: 'bob', name: 'Bob' }, second ?? '');
    await admin.library.addPersonToGroups('ann', ['guests']);
    const { library } = await keyed(Role.ROLE_ENROL, ['staff', 'not-made']);

    expect((await gathered(library.listGroups())).map(({ id }) => id)).toEqual(['staff']);
    expect((await library.getPerson('ann')).memberships.map(({ groupId }) => groupId)).toEqual(['staff']);
    const found = await library.search(first ?? '', ['staff'], { withPersons: true });
    expect(found.results[0]?.candidates[0]?.person?.memberships).toHaveLength(1);
    expect((await library.verifyPerson('ann', first ?? '')).matched).toBe(true);

    const refused = async (call: Promise<unknown>) => call.then(() => 'done', reasonOf);
    expect(await refused(library.getPerson('bob'))).toBe('PERSON_NOT_FOUND');
    expect(await refused(library.verifyPerson('bob', second ?? ''))).toBe('PERSON_NOT_FOUND');
    expect(await refused(library.getPerson('nobody'))).toBe('PERSON_NOT_FOUND');
    expect(await refused(library.getGroup('guests'))).toBe('GROUP_FORBIDDEN');
    expect(await refused(library.getGroup('never-made'))).toBe('GROUP_FORBIDDEN');
    expect(await refused(library.search(first ?? '', ['staff', 'guests']))).toBe('GROUP_FORBIDDEN');
    expect(await refused(library.deletePerson('ann'))).toBe('GROUP_FORBIDDEN');
    expect(await refused(library.addPersonToGroups('ann', ['guests']))).toBe('GROUP_FORBIDDEN');
    expect(await refused(library.createGroup({ id: 'mine', name: 'mine' }))).toBe('GROUP_FORBIDDEN');
    expect((await library.createGroup({ id: 'not-made', name: 'x' })).id).toBe('not-made');

    await admin.library.removePersonFromGroup('ann', 'guests');
    await library.deletePerson('ann');
    expect(await refused(admin.library.getPerson('ann'))).toBe('PERSON_NOT_FOUND');
  });

  it('keeps jobs to who handed them in, and to the groups of their key', async () => {
    const photo = packagedPhotos()[0]?.path ?? '';
    const [one, other] = [await keyed(Role.ROLE_READ, ['guests']), await keyed(Role.ROLE_READ)];
    const photos = [{ photo }];
    const job = await one.jobs.submit(photos, { detect: {} });
    await expect(other.jobs.get(job.id)).rejects.toMatchObject({ reason: 'JOB_NOT_FOUND' });
    for await (const state of one.jobs.watch(job.id)) {
      expect(state.keyId).toBe(job.keyId);
    }
    expect((await gathered(other.jobs.list())).map(({ id }) => id)).toEqual([]);
    expect((await gathered(admin.jobs.list())).map(({ id }) => id)).toContain(job.id);
    const search = (groupIds: string[]) => one.jobs.submit(photos, { search: { groupIds } });
    await expect(search(['staff'])).rejects.toMatchObject({ reason: 'GROUP_FORBIDDEN' });
    expect((await search(['guests'])).state).toBeDefined();
    await expect(
      one.jobs.submit([{ photo, person: { id: 'x', name: 'X' } }], { enrol: { groupId: 'guests' } }),
    ).rejects.toMatchObject({ reason: 'ROLE_INSUFFICIENT', metadata: { role: 'enrol' } });
  });

  it('takes rotated secrets, and none of a revoked key, at once', async () => {
    const { key, secret } = await admin.keys.create({ name: 'rotated', role: Role.ROLE_READ });
    const id = key?.id ?? '';
    const rotated = await admin.keys.rotate(id, { graceSeconds: 3_600 });
    const [old, fresh] = [client(secret), client(rotated.secret)];
    await gathered(old.library.listGroups());
    await gathered(fresh.library.listGroups());
    await admin.keys.revoke(id);
    for (const one of [old, fresh]) {
      await expect(gathered(one.library.listGroups())).rejects.toMatchObject({ reason: 'KEY_INVALID' });
    }
    const [own, ...others] = await gathered(admin.keys.list());
    for (const { id: other } of others.filter(({ role }) => role === Role.ROLE_ADMIN)) {
      await admin.keys.revoke(other);
    }
    await expect(admin.keys.revoke(own?.id ?? '')).rejects.toMatchObject({ reason: 'LAST_ADMIN_KEY' });
  });

  it('calls nobody on behalf of a revoked key', async () => {
    const { key, secret } = await admin.keys.create({ name: 'caller', role: Role.ROLE_ENROL });
    const { endpoints, rules } = client(secret).notifications;
    const { endpoint } = await endpoints.create({ url: 'https://example.com/mien' });
    await rules.create({ name: 'all', strangers: true, endpointId: endpoint?.id ?? '' });
    await admin.keys.revoke(key?.id ?? '');
    expect(await gathered(admin.notifications.endpoints.list())).toEqual([]);
    expect(await gathered(admin.notifications.rules.list())).toEqual([]);
  });

  it('refuses what a key has used up, over both transports, and tells when to come again', async () => {
    const { secret } = await admin.keys.create({
      name: 'slow',
      role: Role.ROLE_READ,
      requestsPerSecond: 0.01,
      burst: 2,
    });
    const { library } = client(secret);
    await gathered(library.listGroups());
    const ask = () =>
      fetch(`http://${platform.httpAddress}/v1/groups`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await refused.json()).toMatchObject({ error: { reason: 'RATE_LIMITED' } });
    await expect(gathered(library.listGroups())).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('asks how to show a key where none was shown, and nothing of callers of what is open', async () => {
    const refused = await fetch(`http://${platform.httpAddress}/v1/groups`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    for (const path of ['/openapi.json', '/docs']) {
      expect((await fetch(`http://${platform.httpAddress}${path}`)).status).toBe(200);
    }
  });

  it('refuses keys that make no sense', async () => {
    const name = 'test';
    const wrong = [
      { name: '', role: Role.ROLE_READ },
      { name, role: Role.ROLE_UNSPECIFIED },
      { name, role: Role.ROLE_ADMIN, groupIds: ['staff'] },
      { name, role: Role.ROLE_READ, requestsPerSecond: -1 },
      { name, role: Role.ROLE_READ, burst: 5 },
      { name, role: Role.ROLE_READ, expiresAt: new Date(0) },
      { name: 'x'.repeat(129), role: Role.ROLE_READ },
    ];
    for (const key of wrong) {
      await expect(admin.keys.create(key)).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
    }
  });

  it('writes down who did what to whom, changes before they are made, and no biometrics', async () => {
    const [, , third] = await singleFaces(admin);
    const { key, secret } = await admin.keys.create({ name: 'watched', role: Role.ROLE_ENROL });
    const { library } = client(secret);
    await library.createPerson({ groupId: 'guests', id: 'cyd', name: 'Cyd Secret' }, third ?? '');
    await library.search(third ?? '', ['guests'], { withPersons: true });
    await library.getPerson('nobody').catch(() => undefined);
    await client(secret)
      .keys.get('x')
      .catch(() => undefined);
    await library.deletePerson('cyd');
    const records = await gathered(admin.audit.list({ keyId: key?.id ?? '' }));
    expect(records.map(({ method, outcome }) => [method.split('/')[1], outcome]).toReversed()).toEqual([
      ['CreatePerson', 'asked'],
      ['CreatePerson', 'ok'],
      ['Search', 'ok'],
      ['GetPerson', 'PERSON_NOT_FOUND'],
      ['GetKey', 'ROLE_INSUFFICIENT'],
      ['DeletePerson', 'asked'],
      ['DeletePerson', 'ok'],
    ]);
    expect(records.at(-3)).toMatchObject({
      role: Role.ROLE_ENROL,
      groupIds: ['guests'],
      personIds: expect.arrayContaining(['cyd']),
      peer: '127.0.0.1',
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(records.at(-2)?.faceIds).toHaveLength(1);
    const exported = await fetch(`http://${platform.httpAddress}/v1/audit/export?personId=cyd`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    expect(exported.headers.get('content-type')).toMatch('application/x-ndjson');
    const text = await exported.text();
    const lines = text
      .trim()
      .split('\n')
      .map((line): { method: string } => JSON.parse(line));
    expect(lines.map(({ method }) => method.split('/')[1])).toEqual([
      'CreatePerson',
      'CreatePerson',
      'Search',
      'DeletePerson',
      'DeletePerson',
    ]);
    expect(text).not.toContain('Secret');
    const again = await gathered(admin.audit.export({ personId: 'cyd' }));
    expect(again.map(({ sequence }) => sequence)).toEqual(lines.map((line) => Number(Object(line).sequence)));
  });
});

function reasonOf(error: unknown): string {
  return error instanceof MienError ? error.reason : String(error);
}

async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}
