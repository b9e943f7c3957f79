import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, findNatsServer, type NatsServer, SIGNATURES_BUCKET, startNatsServer } from '@mien/bus';
import { Kvm } from '@nats-io/kv';
import pino from 'pino';
import { provisionAccess } from '../streams';
import { TakenSignatures } from './taken-signatures';

const logger = pino({ level: 'silent' });

describe('signatures that were taken', () => {
  let folder: string;
  let server: NatsServer;
  let buses: Bus[];
  let one: TakenSignatures;
  let other: TakenSignatures;

  /** A gateway's view of them. */
  const gateway = async () => {
    const bus = await Bus.connect({ servers: [server.url], name: 'test', logger });
    buses.push(bus);
    await provisionAccess(bus, { replicas: 1, auditRetentionDays: 30 });
    return TakenSignatures.open(bus);
  };
  const take = (on: TakenSignatures, signature: string, trace = '', lenientMs = 0) =>
    on.take({ signature, trace, lenientMs });
  /** As if the signature had been taken so long ago. */
  const age = async (signatures: number, ms: number) => {
    const [bus] = buses;
    const kv = bus === undefined ? undefined : await new Kvm(bus.js).open(SIGNATURES_BUCKET);
    const keys: string[] = [];
    for await (const key of (await kv?.keys()) ?? []) {
      keys.push(key);
    }
    expect(keys).toHaveLength(signatures);
    for (const key of keys) {
      const [at, trace] = (await kv?.get(key))?.string().split(' ') ?? [];
      await kv?.put(key, `${Number(at) - ms} ${trace}`);
    }
  };

  beforeEach(async () => {
    buses = [];
    folder = await mkdtemp(join(tmpdir(), 'mien-signatures-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [],
    });
    server = await startNatsServer({ binary, dataDir: folder });
    [one, other] = [await gateway(), await gateway()];
  });

  afterEach(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are not taken again, on whichever gateway', async () => {
    expect(await take(one, 'a')).toBe(true);
    expect([await take(one, 'a'), await take(other, 'a'), await take(other, 'b')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('are taken by one alone of those who are shown it at once', async () => {
    const shown = Array.from({ length: 20 }, (_, at) => take(at % 2 === 0 ? one : other, 'a'));
    expect((await Promise.all(shown)).filter((taken) => taken)).toHaveLength(1);
  });

  it('are taken anew for some seconds with another trace, each trace once', async () => {
    const sent: boolean[] = [];
    for (const [on, trace] of [
      [one, 'x'],
      [other, 'x'],
      [other, 'y'],
      [one, 'y'],
      [one, 'x'],
      [one, ''],
    ] as const) {
      sent.push(await take(on, 'a', trace));
    }
    expect(sent).toEqual([true, false, true, false, false, false]);
    await age(2, 5_000);
    expect(await take(other, 'a', 'z')).toBe(false);
  });

  it('are not taken anew when the first had no trace', async () => {
    expect([await take(one, 'a'), await take(other, 'a', 'x')]).toEqual([true, false]);
  });

  it('are taken again for a while where that was asked for', async () => {
    const lenient = () => take(other, 'a', '', 10_000);
    expect([await take(one, 'a'), await lenient(), await lenient()]).toEqual([true, true, true]);
    await age(1, 10_001);
    expect(await lenient()).toBe(false);
  });

  it('are forgotten when no clock would let them in any more, and kept when the server starts anew', async () => {
    const info = await buses[0]?.jsm.streams.info(`KV_${SIGNATURES_BUCKET}`);
    expect(info?.config).toMatchObject({ max_age: 660 * 1e9, storage: 'file' });
  });

  it('are refused while nobody can tell', async () => {
    await server.kill();
    await expect(take(one, 'a')).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
  });
});
