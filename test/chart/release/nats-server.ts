import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findNatsServer } from '@mien/bus';
import { natsPermissions } from '@mien/platform';
import type { KubernetesObject } from '../tools/helm';

/** A nats-server with the configuration that the chart gives it, and the keys that the operator's secret holds. */
export class NatsServerOfChart {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
    readonly monitoringPort: number,
  ) {}

  /** Files as they are mounted, and only the addresses and the folder of data other than in the pod. */
  static async start(folder: string, objects: readonly KubernetesObject[]): Promise<NatsServerOfChart> {
    const { configuration: authorization } = await natsPermissions(join(folder, 'keys'));
    const mounts = ['nats', 'nats-authorization'].map((name) => join(folder, 'etc', name));
    await Promise.all(mounts.map((mount) => mkdir(mount, { recursive: true })));
    await writeFile(join(folder, 'etc', 'nats-authorization', 'authorization.conf'), authorization);
    const file = join(folder, 'etc', 'nats', 'mien.conf');
    const store = `store_dir: '${join(folder, 'data')}'`;
    await writeFile(file, configurationIn(objects).replace('store_dir: /data', store));
    const [port, monitoringPort] = [await freePort(), await freePort()];
    const where = ['--addr', '127.0.0.1', '--port', `${port}`, '--http_port', `${monitoringPort}`];
    const server = await ready(['--config', file, ...where]);
    return new NatsServerOfChart(server, folder, port, monitoringPort);
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  seedFile(user: string): string {
    return join(this.folder, 'keys', `${user}.nk`);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      await once(this.process, 'exit');
    }
  }
}

async function ready(args: readonly string[]): Promise<ChildProcess> {
  const binary = findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });
  const server = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
