import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Bus,
  CALLBACKS_STREAM,
  ENDPOINTS_BUCKET,
  findNatsServer,
  type NatsServer,
  startNatsServer,
} from '@mien/bus';
import { AesGcmCipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import {
  buryCallback,
  EndpointStore,
  provisionNotifications,
  RuleStore,
  strangerSeen,
} from '@mien/notifications';
import { CreateRuleRequest, DeadLetterKind, Role } from '@mien/proto';
import pino from 'pino';
import type { Principal } from '../access/principal';
import { deadCallbackLetters } from '../dead-letters/dead-callbacks';
import { deadLetterUseCases } from '../dead-letters/dead-letter-use-cases';
import { Call } from '../usecases/call';
import { type NotificationUseCases, notificationUseCases } from './notification-use-cases';

const ADA: Principal = { keyId: 'ada', role: Role.ROLE_ENROL, groupIds: [] };
const BOB: Principal = { keyId: 'bob', role: Role.ROLE_ENROL, groupIds: ['guests'] };
const ADMIN: Principal = { keyId: 'root', role: Role.ROLE_ADMIN, groupIds: [] };
const URL = 'https://example.com/hook';

describe('endpoints, rules and dead callbacks', () => {
  let folder: string;
  let nats: NatsServer;
  let bus: Bus;
  let use: NotificationUseCases;
  const calls: Call[] = [];
  const cipher = new AesGcmCipher(Buffer.alloc(32, 7));

  const by = (principal: Principal) => {
    const call = new Call(60_000, { principal });
    calls.push(call);
    return call;
  };
  const rule = (wanted: Partial<CreateRuleRequest>) => CreateRuleRequest.fromPartial(wanted);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-notifications-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../../.mien/bin')],
    });
    nats = await startNatsServer({ binary, dataDir: folder });
    bus = await Bus.connect({ servers: [nats.url], name: 'test', logger: pino({ level: 'silent' }) });
    await provisionNotifications(bus, { replicas: 1 });
    use = notificationUseCases({
      endpoints: await EndpointStore.open(bus, cipher),
      rules: await RuleStore.open(bus),
      allowedNetworks: [],
    });
  });

  afterAll(async () => {
    for (const call of calls) {
      call.close();
    }
    await bus.close();
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it('belong to the key that made them, and admins see all', async () => {
    const { endpoint, secret } = await use.createEndpoint({ url: URL, name: 'one' }, by(ADA));
    const id = endpoint?.id ?? '';
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toMatchObject({ url: URL, name: 'one', keyId: 'ada' });
    expect((await use.listEndpoints({ page: undefined }, by(ADA))).endpoints).toEqual([endpoint]);
    expect((await use.listEndpoints({ page: undefined }, by(BOB))).endpoints).toEqual([]);
    expect((await use.listEndpoints({ page: undefined }, by(ADMIN))).endpoints).toEqual([endpoint]);
    for (const attempt of [
      use.rotateEndpointSecret({ id }, by(BOB)),
      use.deleteEndpoint({ id }, by(BOB)),
      use.createRule(rule({ strangers: true, endpointId: id }), by(BOB)),
    ]) {
      await expect(attempt).rejects.toMatchObject({ reason: 'ENDPOINT_NOT_FOUND' });
    }
    const made = await use.createRule(rule({ groupIds: ['staff'], endpointId: id }), by(ADA));
    const ruleId = made.rule?.id ?? '';
    expect((await use.listRules({ page: undefined }, by(BOB))).rules).toEqual([]);
    expect((await use.listRules({ page: undefined }, by(ADA))).rules).toEqual([made.rule]);
    await expect(use.deleteRule({ id: ruleId }, by(BOB))).rejects.toMatchObject({ reason: 'RULE_NOT_FOUND' });
    await use.deleteRule({ id: ruleId }, by(ADMIN));
    expect((await use.rotateEndpointSecret({ id }, by(ADA))).secret).not.toBe(secret);
    await use.deleteEndpoint({ id }, by(ADA));
    await expect(use.deleteEndpoint({ id }, by(ADA))).rejects.toMatchObject({ reason: 'ENDPOINT_NOT_FOUND' });
  });

  it('are kept with their secrets sealed', async () => {
    const { endpoint, secret } = await use.createEndpoint({ url: URL, name: '' }, by(ADA));
    const subject = `$KV.${ENDPOINTS_BUCKET}.${endpoint?.id}`;
    const stored = await bus.jsm.streams.getMessage(`KV_${ENDPOINTS_BUCKET}`, { last_by_subj: subject });
    const text = Buffer.from(stored?.data ?? []).toString();
    expect(text).toContain(URL);
    expect(text).not.toContain(secret.slice('whsec_'.length));
    await use.deleteEndpoint({ id: endpoint?.id ?? '' }, by(ADA));
  });

  it.each([
    ['http://127.0.0.1/hook', 'URL_FORBIDDEN'],
    ['http://2130706433/hook', 'URL_FORBIDDEN'],
    ['http://[::ffff:10.0.0.1]/', 'URL_FORBIDDEN'],
    ['http://169.254.169.254/latest', 'URL_FORBIDDEN'],
    ['https://user:word@example.com/', 'URL_INVALID'],
    ['ftp://example.com/', 'URL_INVALID'],
    ['', 'URL_INVALID'],
  ])('refuse %s with %s', async (url, reason) => {
    await expect(use.createEndpoint({ url, name: '' }, by(ADA))).rejects.toMatchObject({ reason });
  });

  it.each([
    [{}, 'ARGUMENT_INVALID'],
    [{ strangers: true, minimumScore: 101 }, 'ARGUMENT_INVALID'],
    [{ strangers: true, quietSeconds: 86_401 }, 'ARGUMENT_INVALID'],
    [{ strangers: true, sources: [''] }, 'ARGUMENT_INVALID'],
    [{ groupIds: ['staff'] }, 'GROUP_FORBIDDEN'],
    [{ groupIds: ['guests'], endpointId: 'nobody' }, 'ENDPOINT_NOT_FOUND'],
    [{ groupIds: ['guests'], endpointId: 'a.b>*' }, 'ENDPOINT_NOT_FOUND'],
  ])('refuse the rule %j with %s', async (wanted, reason) => {
    await expect(use.createRule(rule(wanted), by(BOB))).rejects.toMatchObject({ reason });
  });

  it('come in pages, oldest first', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { endpoint } = await use.createEndpoint({ url: URL, name: String(index) }, by(BOB));
      ids.push(endpoint?.id ?? '');
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await use.listEndpoints({ page: { size: 2, cursor } }, by(BOB));
      expect(page.endpoints.length).toBeLessThanOrEqual(2);
      seen.push(...page.endpoints.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(seen).toEqual(['0', '1', '2', '3', '4']);
    await expect(use.listEndpoints({ page: { size: 2, cursor: 'x' } }, by(BOB))).rejects.toMatchObject({
      reason: 'CURSOR_INVALID',
    });
  });

  it('are dead letters that can be looked at and driven again', async () => {
    const letters = deadLetterUseCases([deadCallbackLetters(bus)]);
    const { endpoint } = await use.createEndpoint({ url: URL, name: '' }, by(ADA));
    const endpointId = endpoint?.id ?? '';
    const error = new MienError('CALLBACK_FAILED', 'the endpoint answered with HTTP status 500');
    for (const id of ['one', 'two', 'three']) {
      const event = strangerSeen({ source: 'door', groupIds: ['staff'] }, { id, at: new Date() });
      const callback = { id, endpointId, createdAt: new Date(), body: Buffer.from(JSON.stringify(event)) };
      await buryCallback(bus, callback, {
        url: URL,
        attempts: 30,
        error,
        sequence: id.length * 10 + id.charCodeAt(1),
      });
    }
    const first = await letters.listDeadLetters({ page: { size: 2, cursor: '' }, kinds: [] }, by(ADMIN));
    const second = await letters.listDeadLetters(
      { page: { size: 2, cursor: first.nextCursor }, kinds: [DeadLetterKind.DEAD_LETTER_KIND_CALLBACK] },
      by(ADMIN),
    );
    expect(second.nextCursor).toBe('');
    const all = [...first.letters, ...second.letters];
    expect(all.map(({ id }) => id)).toEqual(['callback-3', 'callback-2', 'callback-1']);
    expect(all[0]).toMatchObject({
      where: URL,
      attempts: 30,
      problem: { reason: 'CALLBACK_FAILED' },
      detail: '',
    });
    const { letter } = await letters.getDeadLetter({ id: 'callback-1' }, by(ADMIN));
    expect(JSON.parse(letter?.detail ?? '')).toMatchObject({
      callbackId: 'one',
      endpointId,
      event: { id: 'one' },
    });
    await letters.redriveDeadLetter({ id: 'callback-1' }, by(ADMIN));
    const { state } = await bus.jsm.streams.info(CALLBACKS_STREAM);
    expect(state.messages).toBe(1);
    for (const id of ['callback-1', 'callback-99', 'callback-x', 'nothing']) {
      await expect(letters.getDeadLetter({ id }, by(ADMIN))).rejects.toMatchObject({
        reason: 'DEAD_LETTER_NOT_FOUND',
      });
    }
  });
});
