import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BusUser,
  fileAllCredentials,
  findNatsServer,
  STAGE_NAMES,
  serverUsers,
  startNatsServer,
} from '@mien/bus';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { freePort } from '../../chart/release/nats-server';
import { Container } from './container';
import type { Engine } from './engine';
import { NONROOT } from './root-file-systems';

/** In the order that they are started in: a gateway looks for a library. */
export const SERVICES = [...STAGE_NAMES, 'notifier', 'gateway'] as const;
export type Service = (typeof SERVICES)[number];

const KEY_FILE = '/run/secrets/nats.nk';

/**
 * Every service in a container from its image, set up as the chart's jobs do, over a real NATS server that lets each in
 * with a key of its own, and over PostgreSQL where one is installed.
 */
export class Release {
  readonly containers = new Map<Service, Container>();
  readonly startedMs = new Map<Service, number>();
  private readonly closing: (() => Promise<void>)[] = [];

  private constructor(
    private readonly engine: Engine,
    private readonly images: ReadonlyMap<string, string>,
    private readonly folder: string,
    readonly apiKey: string,
    private readonly grpcPort: number,
  ) {}

  static async start(engine: Engine, images: ReadonlyMap<string, string>): Promise<Release> {
    const folder = join(engine.folder, 'release');
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'data'), { recursive: true });
    await chown(join(folder, 'data'), NONROOT, NONROOT);
    const apiKey = await Container.run(engine, {
      name: 'mien-keys',
      image: images.get('cli') ?? '',
      env: {},
      mounts: [],
      command: ['main.js', 'keys', 'generate'],
    });
    await writeFile(join(folder, 'admin-key'), apiKey);
    await readableByUser(join(folder, 'admin-key'));
    const release = new Release(engine, images, folder, apiKey, await freePort());
    try {
      const natsUrl = await release.startBus();
      const databaseUrl = await release.startDatabase();
      await release.startServices(natsUrl, databaseUrl);
      return release;
    } catch (error) {
      await release.stop();
      throw error;
    }
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.grpcPort}`;
  }

  /** Exit codes by service, the gateway's first. */
  async stop(): Promise<Map<Service, number>> {
    const codes = new Map<Service, number>();
    for (const service of [...SERVICES].reverse()) {
      const container = this.containers.get(service);
      if (container !== undefined) {
        codes.set(service, await container.stop());
      }
    }
    for (const close of this.closing) {
      await close();
    }
    return codes;
  }

  /** With its streams and consumers, which the command line's image makes. Returns its address. */
  private async startBus(): Promise<string> {
    const credentials = await fileAllCredentials(join(this.folder, 'credentials'));
    await mkdir(join(this.folder, 'keys'));
    for (const [user, { seedFile }] of credentials) {
      await copyFile(seedFile, this.keyOf(user));
      await readableByUser(this.keyOf(user));
    }
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join('.mien', 'bin')],
    });
    const users = serverUsers(credentials);
    const nats = await startNatsServer({ binary, dataDir: join(this.folder, 'nats'), users });
    this.closing.push(() => nats.stop());
    await Container.run(this.engine, {
      name: 'mien-nats-provision',
      image: this.images.get('cli') ?? '',
      env: { MIEN_NATS_URL: nats.url, MIEN_NATS_NKEY_FILE: KEY_FILE },
      mounts: [`${this.keyOf('provisioner')}:${KEY_FILE}:ro`],
      command: ['main.js', 'nats-provision'],
    });
    return nats.url;
  }

  /** With its tables, which the library's image makes. Undefined where the library has to keep its own. */
  private async startDatabase(): Promise<string | undefined> {
    const binaries = findPostgres();
    if (binaries === undefined) {
      return undefined;
    }
    const postgres = await PostgresServer.start(binaries);
    this.closing.push(() => postgres.stop());
    const url = await postgres.newDatabase();
    await Container.run(this.engine, {
      name: 'mien-database-migration',
      image: this.images.get('library') ?? '',
      env: { MIEN_LIBRARY_DATABASE_URL: url },
      mounts: [],
      command: ['dist/migrate-main.js'],
    });
    return url;
  }

  private async startServices(natsUrl: string, databaseUrl: string | undefined): Promise<void> {
    const libraryPort = await freePort();
    const shared = {
      MIEN_BIND_ADDRESS: '127.0.0.1',
      MIEN_NATS_URL: natsUrl,
      MIEN_NATS_NKEY_FILE: KEY_FILE,
      MIEN_BUS_PROVISION: 'check',
      MIEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    };
    const own: Partial<Record<Service, Record<string, string>>> = {
      library: {
        MIEN_GRPC_PORT: `${libraryPort}`,
        ...(databaseUrl === undefined ? {} : { MIEN_LIBRARY_DATABASE_URL: databaseUrl }),
      },
      gateway: {
        MIEN_LIBRARY_ADDRESS: `127.0.0.1:${libraryPort}`,
        MIEN_GATEWAY_AUTH: 'keys',
        MIEN_ADMIN_KEY_FILE: '/run/secrets/admin-key',
        MIEN_GATEWAY_GRPC_PORT: `${this.grpcPort}`,
        MIEN_GATEWAY_HTTP_PORT: `${await freePort()}`,
      },
    };
    for (const service of SERVICES) {
      await this.startService(service, { ...shared, ...own[service], MIEN_OPS_PORT: `${await freePort()}` });
    }
  }

  private async startService(service: Service, env: Record<string, string>): Promise<void> {
    const started = performance.now();
    const adminKey = `${join(this.folder, 'admin-key')}:/run/secrets/admin-key:ro`;
    const container = Container.start(this.engine, {
      name: `mien-${service}`,
      image: this.images.get(service) ?? '',
      env,
      mounts: [
        `${this.keyOf(service)}:${KEY_FILE}:ro`,
        // Photos and crops in files that all share; in a cluster an object store is between them.
        `${join(this.folder, 'data')}:/var/lib/mien`,
        ...(service === 'gateway' ? [adminKey] : []),
      ],
    });
    this.containers.set(service, container);
    await container.healthy();
    this.startedMs.set(service, performance.now() - started);
  }

  private keyOf(user: BusUser): string {
    return join(this.folder, 'keys', user);
  }
}

async function readableByUser(file: string): Promise<void> {
  await chmod(file, 0o400);
  await chown(file, NONROOT, NONROOT);
}
