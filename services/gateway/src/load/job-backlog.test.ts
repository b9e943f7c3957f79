import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { provisionJobs } from '@mien/jobs';
import { pino } from 'pino';
import { JobBacklog } from './job-backlog';

const MANY = { maxWaitingPhotos: 1_000, maxWaitMs: 3_600_000 };
const OVERLOADED = expect.objectContaining({
  reason: 'OVERLOADED',
  metadata: expect.objectContaining({ retryAfterSeconds: '30' }),
});

describe('the backlog of jobs', () => {
  const logger = pino({ level: 'silent' });
  let folder: string;
  let server: NatsServer;
  let bus: Bus;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-backlog-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../../.mien/bin')],
    });
    server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    bus = await Bus.connect({ servers: [server.url], name: 'test', logger });
    await provisionJobs(bus, { replicas: 1, retentionSeconds: 3_600 });
    await Promise.all([0, 1, 2].map((index) => bus.js.publish('mien.tasks.batch.key', String(index))));
  });
  afterAll(async () => {
    await bus.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const asked = async (limits: Partial<typeof MANY>) => {
    const backlog = new JobBacklog(bus, logger, { ...MANY, ...limits }, 60_000);
    await backlog.ask();
    backlog.stop();
    return () => backlog.refuseWhenFull();
  };

  it('leaves room until so many photos wait', async () => {
    expect(await asked({})).not.toThrow();
    expect(await asked({ maxWaitingPhotos: 4 })).not.toThrow();
    expect(await asked({ maxWaitingPhotos: 3 })).toThrow(OVERLOADED);
  });

  it('leaves room until the oldest has waited too long', async () => {
    expect(await asked({ maxWaitMs: -1 })).toThrow(OVERLOADED);
  });

  it('leaves room while it is not known', () => {
    const backlog = new JobBacklog(bus, logger, { maxWaitingPhotos: 1, maxWaitMs: 1 }, 60_000);
    backlog.stop();
    expect(() => backlog.refuseWhenFull()).not.toThrow();
  });
});
