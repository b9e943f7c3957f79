import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUDIT_STREAM, Bus, findNatsServer, KEYS_BUCKET, type NatsServer, startNatsServer } from '@mien/bus';
import { AesGcmCipher } from '@mien/encryption';
import { AuditRecord, Role } from '@mien/proto';
import { AckPolicy } from '@nats-io/jetstream';
import pino from 'pino';
import { AuditTrail, KeyRing, KeyStore, newKeyText, provisionAccess, RateLimits, writeKeyText } from '.';
import type { NewAuditRecord } from './audit/audit-trail';
import { TokenBucket } from './rates/token-bucket';

const logger = pino({ level: 'silent' });
const cipher = new AesGcmCipher(Buffer.alloc(32, 7));
const WANTED = {
  name: 'test',
  role: Role.ROLE_READ,
  groupIds: [],
  requestsPerSecond: 0,
  burst: 0,
  expiresAt: undefined,
  signing: false,
};

describe('access', () => {
  let folder: string;
  let server: NatsServer;
  let buses: Bus[];

  /** A gateway's part of it. */
  const gateway = async () => {
    const bus = await Bus.connect({ servers: [server.url], name: 'test', logger });
    buses.push(bus);
    await provisionAccess(bus, { replicas: 1, auditRetentionDays: 30 });
    const ring = await KeyRing.open({ bus, cipher, logger });
    return { bus, ring, store: await KeyStore.open(bus, ring, cipher) };
  };

  beforeEach(async () => {
    buses = [];
    folder = await mkdtemp(join(tmpdir(), 'mien-access-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [],
    });
    server = await startNatsServer({ binary, dataDir: folder });
  });

  afterEach(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('knows a key by its text, on every gateway, and keeps no secret', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const { key, text, secret } = await one.store.create({ ...WANTED, groupIds: ['staff'] });
    await other.ring.upToDate();
    expect(other.ring.authenticate(text, Date.now())).toEqual(key);
    expect(key).toMatchObject({ name: 'test', role: Role.ROLE_READ, groupIds: ['staff'] });
    const kept = await one.bus.jsm.streams.getMessage(`KV_${KEYS_BUCKET}`, { seq: 1 });
    expect(Buffer.from(kept?.data ?? []).includes(secret)).toBe(false);
    for (const wrong of ['', text.slice(0, -1), `${text}x`, text.replace(secret, 'x'.repeat(43))]) {
      expect(() => one.ring.authenticate(wrong, Date.now())).toThrow('not known');
    }
  });

  it('lets nobody in with a revoked or expired key', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const { key, text } = await one.store.create(WANTED);
    await one.store.revoke(key.id);
    await other.ring.upToDate();
    expect(() => other.ring.authenticate(text, Date.now())).toThrow('not known');
    const expiresAt = new Date(Date.now() + 60_000);
    const passing = await one.store.create({ ...WANTED, expiresAt });
    expect(one.ring.authenticate(passing.text, Date.now()).id).toBe(passing.key.id);
    expect(() => one.ring.authenticate(passing.text, expiresAt.getTime())).toThrow('not known');
  });

  it('takes the old secret for the grace period after a rotation', async () => {
    const { ring, store } = await gateway();
    const { key, text } = await store.create(WANTED);
    const rotated = await store.rotate(key.id, 60);
    const now = Date.now();
    expect(ring.authenticate(rotated.text, now).id).toBe(key.id);
    expect(ring.authenticate(text, now).id).toBe(key.id);
    expect(() => ring.authenticate(text, now + 61_000)).toThrow('not known');
    const again = await store.rotate(key.id, 0);
    expect(() => ring.authenticate(rotated.text, Date.now())).toThrow('not known');
    expect(ring.authenticate(again.text, Date.now()).id).toBe(key.id);
  });

  it('keeps one admin key', async () => {
    const { ring, store } = await gateway();
    const text = writeKeyText(newKeyText());
    await store.provideAdmin(text, 'first');
    const first = ring.authenticate(text, Date.now());
    await expect(store.revoke(first.id)).rejects.toMatchObject({ reason: 'LAST_ADMIN_KEY' });
    const { key } = await store.create({ ...WANTED, role: Role.ROLE_ADMIN });
    const both = await Promise.allSettled([store.revoke(first.id), store.revoke(key.id)]);
    expect(both.some(({ status }) => status === 'rejected')).toBe(true);
    expect(ring.otherAdmins('', Date.now()).length).toBeGreaterThan(0);
  });

  it('leaves the first admin key as it is when it was revoked', async () => {
    const { ring, store } = await gateway();
    const text = writeKeyText(newKeyText());
    await store.provideAdmin(text, 'first');
    await store.create({ ...WANTED, role: Role.ROLE_ADMIN });
    await store.revoke(ring.authenticate(text, Date.now()).id);
    await store.provideAdmin(text, 'first');
    expect(() => ring.authenticate(text, Date.now())).toThrow('not known');
    await expect(store.provideAdmin('secret', 'first')).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
  });

  it('keeps the secret of signing keys encrypted, and no others', async () => {
    const { bus, ring, store } = await gateway();
    const { key, secret } = await store.create({ ...WANTED, signing: true });
    expect(ring.findSigning(key.id, Date.now())).toEqual({ key, secret });
    expect(ring.findSigning((await store.create(WANTED)).key.id, Date.now())).toBeUndefined();
    const blind = await KeyStore.open(bus, ring, undefined);
    await expect(blind.create({ ...WANTED, signing: true })).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
    const { secret: next } = await store.rotate(key.id, 60);
    expect(ring.findSigning(key.id, Date.now())?.secret).toBe(next);
  });

  it('limits requests over all gateways', async () => {
    const [one, other] = [await gateway(), await gateway()];
    const [here, there] = [new RateLimits(one.bus, logger), new RateLimits(other.bus, logger)];
    const key = { id: 'k', requestsPerSecond: 0.5, burst: 6 };
    const heard = new Promise((done) => other.bus.nc.subscribe('mien.access.usage', { callback: done }));
    there.take(key);
    for (let count = 0; count < 5; count++) {
      here.take(key);
    }
    await heard;
    await other.bus.nc.flush();
    expect(() => there.take(key)).toThrow('used up');
    here.close();
    there.close();
  });

  it('tells how long to wait', () => {
    const bucket = new TokenBucket(2, 1, 0);
    expect(bucket.take(0)).toBe(0);
    expect(bucket.take(0)).toBeCloseTo(0.5);
    expect(bucket.take(500)).toBe(0);
    bucket.spend(10, 500);
    expect(bucket.take(500)).toBeCloseTo(1);
  });

  it('tells who did what, newest first, by key, person, group, method and time', async () => {
    const { bus } = await gateway();
    const trail = new AuditTrail(bus);
    for (let at = 0; at < 2_500; at++) {
      await trail.append(record({ keyId: `k${at % 2}`, personIds: [`p${at % 5}`], requestId: String(at) }));
    }
    const seen: string[] = [];
    let before: number | undefined;
    do {
      const page = await trail.list({ filter: undefined, size: 999, before });
      seen.push(...page.records.map(({ requestId }) => requestId));
      before = page.before;
    } while (before !== undefined);
    expect(seen).toEqual(Array.from({ length: 2_500 }, (_, at) => String(2_499 - at)));
    const about = async (filter: object) =>
      (await trail.list({ filter: { ...NO_FILTER, ...filter }, size: 2, before: undefined })).records.map(
        ({ requestId }) => requestId,
      );
    expect(await about({ keyId: 'k1' })).toEqual(['2499', '2497']);
    expect(await about({ personId: 'p0' })).toEqual(['2495', '2490']);
    expect(await about({ groupId: 'staff', method: 'other' })).toEqual([]);
    const all = (await trail.list({ filter: undefined, size: 2_500, before: undefined })).records;
    const middle = all[1_200]?.at ?? new Date(0);
    const later = all.filter(({ at = middle, keyId }) => at >= middle && keyId === 'k0').toReversed();
    const exported: AuditRecord[] = [];
    for await (const one of trail.export({ ...NO_FILTER, keyId: 'k0', from: middle })) {
      exported.push(one);
    }
    expect(exported).toEqual(later);
    const earlier = all.filter(({ at = middle }) => at < middle);
    expect(
      (await trail.list({ filter: { ...NO_FILTER, before: middle }, size: 2_500, before: undefined }))
        .records,
    ).toEqual(earlier);
  });

  it('keeps an empty trail, and lets nobody take anything out of one', async () => {
    const { bus } = await gateway();
    const trail = new AuditTrail(bus);
    expect(await trail.list({ filter: undefined, size: 10, before: undefined })).toEqual({
      records: [],
      before: undefined,
    });
    await trail.append(record({}));
    await expect(bus.jsm.streams.purge(AUDIT_STREAM)).rejects.toThrow();
    await expect(bus.jsm.streams.deleteMessage(AUDIT_STREAM, 1)).rejects.toThrow();
    await provisionAccess(bus, { replicas: 1, auditRetentionDays: 60 });
    const { config } = await bus.jsm.streams.info(AUDIT_STREAM);
    expect(config).toMatchObject({ max_age: 60 * 86_400 * 1e9, deny_delete: true, deny_purge: true });
  });

  it('does not take for records what the server was made to put into the trail', async () => {
    const { bus } = await gateway();
    const trail = new AuditTrail(bus);
    await trail.append(record({ requestId: 'right' }));
    // An answer of JetStream, and a message of another stream as it is: who may ask JetStream names where it answers.
    const { nc, js, jsm } = bus;
    await jsm.streams.add({ name: 'OTHER', subjects: ['other'] });
    await js.publish(
      'other',
      AuditRecord.encode(AuditRecord.fromPartial(record({ requestId: 'forged' }))).finish(),
    );
    await jsm.consumers.add('OTHER', { durable_name: 'other', ack_policy: AckPolicy.Explicit });
    const before = (await jsm.streams.info(AUDIT_STREAM)).state.last_seq;
    nc.publish('$JS.API.STREAM.INFO.OTHER', '', { reply: 'mien.audit.answer' });
    nc.publish('$JS.API.CONSUMER.MSG.NEXT.OTHER.other', '{"batch": 1}', { reply: 'mien.audit.forged' });
    while ((await jsm.streams.info(AUDIT_STREAM)).state.last_seq < before + 2) {
      await nc.flush();
    }
    await trail.append(record({ requestId: 'after' }));
    const { records } = await trail.list({ filter: undefined, size: 2, before: undefined });
    expect(records.map(({ requestId }) => requestId)).toEqual(['after', 'right']);
  });
});

const NO_FILTER = { from: undefined, before: undefined, keyId: '', personId: '', groupId: '', method: '' };

function record(parts: Partial<NewAuditRecord>): NewAuditRecord {
  return AuditRecord.fromPartial({ groupIds: ['staff'], method: 'mien.v1.X/Y', outcome: 'ok', ...parts });
}
