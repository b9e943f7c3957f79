import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Bus, type BusUser, connectionName, findNatsServer, provision } from '@mien/bus';
import pino from 'pino';
import { connectionTo, startOwnBus } from './bus-server';
import { natsPermissions } from './nats-permissions';
import { provisionNats } from './provision-nats';

const logger = pino({ level: 'silent' });
const env = { MIEN_NATS_SERVER: process.env['MIEN_NATS_SERVER'], PATH: process.env['PATH'] };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-platform-nats-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe("the platform's own nats-server", () => {
  it('lets in who can read the credentials in the data folder, which is their owner alone', async () => {
    const bus = await startOwnBus(folder, env);
    try {
      const operator = await Bus.connect({ ...connectionTo(bus, 'operator'), name: 'mien', logger });
      expect(operator.connected).toBe(true);
      await operator.close();
      const servers = [bus.server.url];
      const reason = 'BUS_UNAVAILABLE';
      await expect(Bus.connect({ servers, name: 'mien', logger })).rejects.toMatchObject({ reason });
      const { mode } = await stat(bus.seedFileOf('operator'));
      expect(mode & 0o777).toBe(0o600);
      const seed = await readFile(bus.seedFileOf('operator'), 'utf8');
      const configuration = await readFile(join(folder, 'nats', 'nats-server.conf'), 'utf8');
      expect(configuration).not.toContain(seed.trim());
    } finally {
      await bus.server.stop();
    }
  });

  it('knows the same credentials when it is started again', async () => {
    const first = await startOwnBus(folder, env);
    const seed = await readFile(first.seedFileOf('gateway'), 'utf8');
    await first.server.stop();
    const second = await startOwnBus(folder, env);
    expect(await readFile(second.seedFileOf('gateway'), 'utf8')).toBe(seed);
    await second.server.stop();
  });
});

describe.each(['the configuration', 'the JSON'] as const)(
  'a server that has %s of nats-permissions',
  (form) => {
    let server: ChildProcess;
    let url: string;
    let credentials: string;

    beforeEach(async () => {
      credentials = join(folder, 'credentials');
      const { configuration, json } = await natsPermissions(credentials);
      const authorization = form === 'the JSON' ? `authorization: ${JSON.stringify(json)}` : configuration;
      const file = join(folder, 'nats.conf');
      const store = JSON.stringify(join(folder, 'jetstream'));
      await writeFile(file, `listen: "127.0.0.1:-1"\njetstream { store_dir: ${store} }\n${authorization}\n`);
      const binary = findNatsServer({ explicit: env.MIEN_NATS_SERVER, path: env.PATH });
      server = spawn(binary, ['--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
      url = await listening(server);
    });

    afterEach(async () => {
      server.kill();
      await once(server, 'exit');
    });

    const as = (user: BusUser) =>
      Bus.connect({
        servers: [url],
        name: connectionName(user),
        nkeyFile: join(credentials, `${user}.nk`),
        logger,
      });

    it('is set up by its provisioner, and nobody else', async () => {
      const detector = await as('detector');
      const look = () => provision(detector, { mode: 'check' });
      await expect(look()).rejects.toMatchObject({
        message: expect.stringContaining('run mien nats-provision'),
      });
      const settings = (user: BusUser) => ({
        MIEN_NATS_URL: url,
        MIEN_NATS_NKEY_FILE: join(credentials, `${user}.nk`),
        MIEN_LOG_LEVEL: 'silent',
      });
      await expect(provisionNats(settings('gateway'))).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
      await provisionNats(settings('provisioner'));
      await provisionNats(settings('provisioner'));
      await look();
      await detector.close();
      const operator = await as('operator');
      const names: string[] = [];
      for await (const { config } of operator.jsm.streams.list()) {
        names.push(config.name);
      }
      expect(names.sort()).toEqual([
        'KV_mien_endpoints',
        'KV_mien_job_keys',
        'KV_mien_job_results',
        'KV_mien_jobs',
        'KV_mien_keys',
        'KV_mien_quiet',
        'KV_mien_rules',
        'KV_mien_signatures',
        'MIEN_ADVISORIES',
        'MIEN_ATTRIBUTES',
        'MIEN_AUDIT',
        'MIEN_CALLBACKS',
        'MIEN_DEAD',
        'MIEN_DEAD_CALLBACKS',
        'MIEN_DETECTOR',
        'MIEN_EMBEDDER',
        'MIEN_EVENTS',
        'MIEN_JOB_TASKS',
        'MIEN_LANDMARK',
        'MIEN_LIBRARY',
        'MIEN_LIVENESS',
      ]);
      await operator.close();
    });
  },
);

/** The address of a server, once it takes connections. */
function listening({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (stderr === null) {
      reject(new Error('the log is not piped'));
      return;
    }
    let port = '';
    const log: string[] = [];
    const lines = createInterface({ input: stderr });
    lines.on('line', (line) => {
      log.push(line);
      port = /Listening for client connections on .*:(\d+)$/.exec(line)?.[1] ?? port;
      if (line.includes('Server is ready')) {
        resolve(`nats://127.0.0.1:${port}`);
      }
    });
    lines.on('close', () => reject(new Error(log.join('\n'))));
  });
}
