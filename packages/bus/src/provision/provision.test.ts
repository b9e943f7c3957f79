import { AckPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { STAGE_CATALOG, STAGE_NAMES } from '../catalog';
import { GuardedServer } from '../testing/guarded-server';
import { TestLine } from '../testing/test-line';
import { provision } from './provision';
import { setUpOn } from './set-up';

let line: TestLine;
let guarded: GuardedServer;

beforeAll(async () => {
  guarded = await GuardedServer.start();
});

afterAll(() => guarded.stop());

beforeEach(async () => {
  line = await TestLine.start();
});

afterEach(() => line.stop());

describe('provisioning', () => {
  it('sets the server up as the stage catalog has it, and finds nothing to do the second time', async () => {
    await provision(line.bus);
    for (const stage of STAGE_NAMES) {
      const { ackWaitMs, maxDeliver, maxAckPending } = STAGE_CATALOG[stage];
      const stream = await line.bus.jsm.streams.info(`MIEN_${stage.toUpperCase()}`);
      expect(stream.config).toMatchObject({
        retention: RetentionPolicy.Workqueue,
        storage: StorageType.File,
      });
      for (const lane of ['interactive', 'batch']) {
        const { config } = await line.bus.jsm.consumers.info(stream.config.name, `${stage}-${lane}`);
        expect(config).toMatchObject({
          ack_policy: AckPolicy.Explicit,
          ack_wait: ackWaitMs * 1e6,
          max_deliver: maxDeliver,
          max_ack_pending: maxAckPending,
          filter_subject: `mien.work.${stage}.${lane}`,
        });
      }
    }
  });

  it('brings back what somebody changed', async () => {
    await line.bus.jsm.consumers.update('MIEN_LANDMARK', 'landmark-batch', { max_deliver: 99 });
    await line.bus.jsm.streams.update('MIEN_LANDMARK', { max_msgs: 7 });
    await provision(line.bus);
    const consumer = await line.bus.jsm.consumers.info('MIEN_LANDMARK', 'landmark-batch');
    expect(consumer.config.max_deliver).toBe(STAGE_CATALOG.landmark.maxDeliver);
    expect((await line.bus.jsm.streams.info('MIEN_LANDMARK')).config.max_msgs).toBe(100_000);
  });

  it('names what it can not bring back', async () => {
    await line.bus.jsm.streams.delete('MIEN_DETECTOR');
    await line.bus.jsm.streams.add({
      name: 'MIEN_DETECTOR',
      subjects: ['mien.work.detector.*'],
      storage: StorageType.Memory,
    });
    await expect(provision(line.bus)).rejects.toMatchObject({
      reason: 'BUS_UNAVAILABLE',
      message: expect.stringMatching(/MIEN_DETECTOR \(.*retention.*storage/),
    });
  });

  it('only looks where it is told to', async () => {
    await provision(line.bus, { mode: 'check' });
    await line.bus.jsm.consumers.update('MIEN_LANDMARK', 'landmark-batch', { max_deliver: 99 });
    await expect(provision(line.bus, { mode: 'check' })).rejects.toMatchObject({
      reason: 'BUS_UNAVAILABLE',
      message: expect.stringMatching(/MIEN_LANDMARK\/landmark-batch .*max_deliver.*mien nats-provision/),
    });
    const { config } = await line.bus.jsm.consumers.info('MIEN_LANDMARK', 'landmark-batch');
    expect(config.max_deliver).toBe(99);
    await line.bus.jsm.streams.delete('MIEN_DETECTOR');
    await expect(provision(line.bus, { mode: 'check' })).rejects.toThrow('MIEN_DETECTOR');
  });

  it('waits, where it only looks, for what somebody else makes', async () => {
    await line.bus.jsm.streams.delete('MIEN_EMBEDDER');
    const looking = provision(line.bus, { mode: 'check', waitMs: 60_000 });
    await new Promise<void>((asked) => {
      const subject = '$JS.API.STREAM.INFO.MIEN_EMBEDDER';
      line.bus.nc.subscribe(subject, { max: 1, callback: () => asked() });
    });
    await provision(line.bus);
    await looking;
  });

  it('says whose permissions are too few', async () => {
    const setUp = setUpOn(await guarded.as('detector'), { mode: 'make' });
    await expect(setUp.stream({ name: 'MIEN_LIBRARY', subjects: [] })).rejects.toMatchObject({
      reason: 'BUS_UNAVAILABLE',
      message: expect.stringMatching(/STREAM\.INFO\.MIEN_LIBRARY.*mien nats-permissions/),
    });
  });

  it('takes away the undertaker that all stages shared once', async () => {
    for (const stage of STAGE_NAMES) {
      await line.bus.jsm.consumers.delete('MIEN_ADVISORIES', `undertaker-${stage}`);
    }
    const ack_policy = AckPolicy.Explicit;
    await line.bus.jsm.consumers.add('MIEN_ADVISORIES', { durable_name: 'undertaker', ack_policy });
    await provision(line.bus);
    const { state } = await line.bus.jsm.streams.info('MIEN_ADVISORIES');
    expect(state.consumer_count).toBe(STAGE_NAMES.length);
  });

  it('works when many processes start at once', async () => {
    for (const stage of STAGE_NAMES) {
      await line.bus.jsm.streams.delete(`MIEN_${stage.toUpperCase()}`);
    }
    await Promise.all(Array.from({ length: 4 }, () => provision(line.bus)));
    expect((await line.bus.jsm.streams.info('MIEN_EMBEDDER')).state.consumer_count).toBe(2);
  });
});

it('refuses a server whose messages are too small', async () => {
  await expect(TestLine.start({ maxPayload: 65_536 })).rejects.toMatchObject({
    reason: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('max_payload'),
  });
});
