import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { type Ports, ServiceProcess } from '@mien/platform';
import { createLogger } from '@mien/service';
import { findS3Server, type S3Server } from '@mien/stores/dist/testing/s3-server';
import { defaultModelPack, repositoryRoot } from '../../photos/repository';
import { variablesOf } from '../environment/secrets';
import { SERVICES, type Variables } from '../environment/services';
import { type Container, podsIn } from '../policy/pods';
import type { KubernetesObject } from '../tools/helm';
import { freePort, NatsServerOfChart } from './nats-server';

const run = promisify(execFile);
const COMMAND = join(repositoryRoot(), 'packages', 'cli', 'bin', 'mien.js');
/** Before the gateway, which knows where the library is. */
const FIRST = SERVICES.filter((name) => name !== 'gateway');

/** What this machine lacks for it; nothing where everything is there. */
export function lackingForRelease(): string[] {
  return [
    ...(findPostgres() === undefined ? ['PostgreSQL'] : []),
    ...(findS3Server(process.env) === undefined ? ['an S3 server'] : []),
  ];
}

interface Servers {
  readonly nats: NatsServerOfChart;
  readonly postgres: PostgresServer;
  readonly store: S3Server;
}

/**
 * A release of the chart as processes of this machine: every container's program with the environment that the chart
 * gives it, only addresses, ports and paths of mounts other. Qdrant, which no registry of packages has, is left out.
 */
export class LocalRelease {
  private readonly processes: ServiceProcess[] = [];
  readonly ports = new Map<string, Ports>();

  private constructor(
    private readonly folder: string,
    private readonly containers: ReadonlyMap<string, Container>,
    private readonly servers: Servers,
    private readonly database: string,
    private readonly libraryPort: number,
    readonly adminKey: string,
  ) {}

  /** Starts the servers, sets them up as the chart's jobs do, then starts every service and waits until it is ready. */
  static async start(folder: string, objects: readonly KubernetesObject[]): Promise<LocalRelease> {
    const containers = podsIn(objects).flatMap((pod) => pod.containers);
    const nats = await NatsServerOfChart.start(folder, objects);
    const postgres = await PostgresServer.start(findPostgres() ?? '');
    const store = await (findS3Server(process.env) ?? missing)();
    const { stdout: adminKey } = await run(process.execPath, [COMMAND, 'keys', 'generate']);
    await writeFile(join(folder, 'admin-key'), adminKey, { mode: 0o600 });
    const release = new LocalRelease(
      folder,
      new Map(containers.map((container) => [container.name, container])),
      { nats, postgres, store },
      await postgres.newDatabase(),
      await freePort(),
      adminKey.trim(),
    );
    await release.setUp();
    await Promise.all(FIRST.map((name) => release.serve(name)));
    await release.serve('gateway');
    return release;
  }

  /** `mien` with the environment of the test of the front door. Gives what it prints. */
  async command(...args: string[]): Promise<string> {
    const variables = this.variablesOf('list-groups');
    const env = { ...variables, MIEN_ADDRESS: `127.0.0.1:${this.ports.get('gateway')?.grpcPort}` };
    const { stdout } = await run(process.execPath, [COMMAND, ...args], {
      env: { ...env, MIEN_API_KEY: this.adminKey },
    });
    return stdout;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    const { nats, postgres, store } = this.servers;
    await Promise.all([nats.stop(), postgres.stop(), store.stop()]);
  }

  private async setUp(): Promise<void> {
    const migration = require.resolve('@mien/library/dist/migrate-main.js');
    await run(process.execPath, [COMMAND, 'nats-provision'], { env: this.variablesOf('nats-provision') });
    await run(process.execPath, [migration], { env: this.variablesOf('database-migration') });
  }

  private async serve(name: string): Promise<void> {
    const main = require.resolve(`@mien/${name}/dist/main.js`);
    const logger = createLogger({ service: name, level: 'silent' });
    const env = { ...this.variablesOf(name), MIEN_LOG_LEVEL: 'info' };
    const process = new ServiceProcess({ name, main, env, logger, onLog: () => undefined });
    this.processes.push(process);
    this.ports.set(name, await process.start());
  }

  /** The container's own variables, where they lead out of its pod led to this machine. */
  private variablesOf(name: string): Variables {
    const container = this.containers.get(name);
    if (container === undefined) {
      throw new Error(`the chart has no container ${name}`);
    }
    const given = variablesOf(container);
    const replaced = Object.entries(this.places(name, given)).filter(
      ([variable]) => given[variable] !== undefined,
    );
    const { MIEN_QDRANT_URL: _url, MIEN_QDRANT_API_KEY: _key, ...variables } = given;
    return { ...variables, ...Object.fromEntries(replaced) };
  }

  private places(name: string, given: Variables): Record<string, string> {
    const { nats, store } = this.servers;
    return {
      MIEN_BIND_ADDRESS: '127.0.0.1',
      MIEN_OPS_PORT: '0',
      MIEN_GATEWAY_GRPC_PORT: '0',
      MIEN_GATEWAY_HTTP_PORT: '0',
      MIEN_GRPC_PORT: name === 'library' ? String(this.libraryPort) : '0',
      MIEN_LIBRARY_ADDRESS: `127.0.0.1:${this.libraryPort}`,
      MIEN_DATA_DIR: join(this.folder, 'pods', name),
      MIEN_MODEL_PACK: defaultModelPack(),
      MIEN_NATS_URL: nats.url,
      MIEN_NATS_NKEY_FILE: nats.seedFile(/([\w-]+)\.nk$/.exec(given['MIEN_NATS_NKEY_FILE'] ?? '')?.[1] ?? ''),
      MIEN_LIBRARY_DATABASE_URL: this.database,
      MIEN_S3_ENDPOINT: store.endpoint,
      MIEN_S3_ACCESS_KEY: store.accessKey,
      MIEN_S3_SECRET_KEY: store.secretKey,
      MIEN_ADMIN_KEY_FILE: join(this.folder, 'admin-key'),
    };
  }
}

function missing(): never {
  throw new Error('there is no S3 server on this machine');
}
