import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findNatsServer } from '@mien/bus';
import { natsPermissions, provisionNats } from '@mien/platform';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { goIsThere } from './tools/go';
import { exampleFile, Helm, type KubernetesObject } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

interface Trigger {
  readonly metadata: Readonly<Record<'account' | 'stream' | 'consumer', string>>;
}

/** The parts of /jsz that KEDA reads. https://github.com/kedacore/keda/blob/main/pkg/scalers/nats_jetstream_scaler.go */
interface JetStreamState {
  readonly account_details: readonly {
    readonly name: string;
    readonly stream_detail: readonly {
      readonly name: string;
      readonly consumer_detail: readonly { readonly name: string; readonly num_pending: number }[];
    }[];
  }[];
}

/** A nats-server with the configuration that the chart gives it, and the keys that the operator's secret holds. */
withGo('the NATS server of the chart', () => {
  let folder: string;
  let server: ChildProcess;
  let ports: { client: number; monitoring: number };
  let objects: KubernetesObject[];

  const seedFile = (user: string) => join(folder, 'keys', `${user}.nk`);
  const url = () => `nats://127.0.0.1:${ports.client}`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-chart-nats-'));
    const helm = await Helm.provide();
    const nkeys = ['nats.auth=nkeys', 'scaling.keda=true'];
    objects = await helm.render([exampleFile('small')], nkeys);
    ports = { client: await freePort(), monitoring: await freePort() };
    server = await startServer(folder, configurationIn(objects), ports);
  }, 900_000);

  afterAll(async () => {
    if (server?.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  it('lets nobody in without a key', async () => {
    await expect(connect({ servers: url(), reconnect: false })).rejects.toThrow(/authorization/i);
    const seed = Buffer.from((await readFile(seedFile('detector'), 'utf8')).trim());
    const connection = await connect({ servers: url(), authenticator: nkeyAuthenticator(seed) });
    await connection.close();
  });

  it('has each stream and consumer that a scaler asks for, once it was set up', async () => {
    await provisionNats({
      MIEN_NATS_URL: url(),
      MIEN_NATS_NKEY_FILE: seedFile('provisioner'),
      MIEN_LOG_LEVEL: 'silent',
    });
    const triggers = objects.filter(({ kind }) => kind === 'ScaledObject').flatMap(triggersOf);
    expect(triggers).toHaveLength(12);
    for (const { metadata } of triggers) {
      expect(await pendingOf(ports.monitoring, metadata)).toBe(0);
    }
  });
});

/** Files as they are mounted, and only the addresses and the folder other than in the pod. */
async function startServer(
  folder: string,
  configuration: string,
  ports: { client: number; monitoring: number },
): Promise<ChildProcess> {
  const { configuration: authorization } = await natsPermissions(join(folder, 'keys'));
  await Promise.all(
    ['nats', 'nats-authorization'].map((name) => mkdir(join(folder, 'etc', name), { recursive: true })),
  );
  await writeFile(join(folder, 'etc', 'nats-authorization', 'authorization.conf'), authorization);
  const file = join(folder, 'etc', 'nats', 'mien.conf');
  await writeFile(file, configuration.replace('store_dir: /data', `store_dir: '${join(folder, 'data')}'`));
  const where = ['--addr', '127.0.0.1', '--port', `${ports.client}`, '--http_port', `${ports.monitoring}`];
  const binary = findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });
  const server = spawn(binary, ['--config', file, ...where], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line);
    if (line.includes('Server is ready')) {
      server.stderr.resume();
      return server;
    }
  }
  throw new Error(`nats-server did not start:\n${lines.join('\n')}`);
}

function configurationIn(objects: readonly KubernetesObject[]): string {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'mien-nats');
  return (map?.['data'] as Record<string, string> | undefined)?.['mien.conf'] ?? '';
}

function triggersOf({ spec }: KubernetesObject): readonly Trigger[] {
  return (spec as { triggers: Trigger[] }).triggers;
}

/** As KEDA asks; undefined where there is no such consumer. */
async function pendingOf(
  port: number,
  { account, stream, consumer }: Trigger['metadata'],
): Promise<number | undefined> {
  const query = new URLSearchParams({ acc: account, consumers: 'true', config: 'true' });
  const answer = await fetch(`http://127.0.0.1:${port}/jsz?${query}`);
  const { account_details } = (await answer.json()) as JetStreamState;
  return account_details
    .find(({ name }) => name === account)
    ?.stream_detail.find(({ name }) => name === stream)
    ?.consumer_detail.find(({ name }) => name === consumer)?.num_pending;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
