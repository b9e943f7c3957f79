import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BusUser,
  fileAllCredentials,
  findNatsServer,
  type NatsServer,
  STAGE_NAMES,
  serverUsers,
  startNatsServer,
} from '@mien/bus';
import { freePort } from '../../chart/release/nats-server';
import { Container } from './container';
import type { Engine } from './engine';

const USER = 65_532;
/** In the order that they are started in: a gateway looks for a library. */
export const SERVICES = [...STAGE_NAMES, 'notifier', 'gateway'] as const;
export type Service = (typeof SERVICES)[number];

/** Every service in a container from its image, over a real NATS server that lets each in with a key of its own. */
export class Release {
  readonly containers = new Map<Service, Container>();
  readonly startedMs = new Map<Service, number>();

  private constructor(
    private readonly engine: Engine,
    private readonly folder: string,
    private readonly nats: NatsServer,
    readonly apiKey: string,
    readonly grpcAddress: string,
  ) {}

  static async start(engine: Engine, images: ReadonlyMap<string, string>): Promise<Release> {
    const folder = join(engine.folder, 'release');
    await mkdir(join(folder, 'data'), { recursive: true });
    await chown(join(folder, 'data'), USER, USER);
    const credentials = await fileAllCredentials(join(folder, 'credentials'));
    await mkdir(join(folder, 'keys'), { recursive: true });
    for (const [user, { seedFile }] of credentials) {
      await copyFile(seedFile, join(folder, 'keys', user));
      await readableByUser(join(folder, 'keys', user));
    }
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join('.mien', 'bin')],
    });
    const nats = await startNatsServer({
      binary,
      dataDir: join(folder, 'nats'),
      users: serverUsers(credentials),
    });
    const cli = images.get('cli') ?? '';
    const apiKey = await Container.run(engine, {
      name: 'mien-keys',
      image: cli,
      env: {},
      mounts: [],
      command: ['main.js', 'keys', 'generate'],
    });
    await writeFile(join(folder, 'admin-key'), apiKey);
    await readableByUser(join(folder, 'admin-key'));
    const grpcPort = await freePort();
    const release = new Release(engine, folder, nats, apiKey, `127.0.0.1:${grpcPort}`);
    try {
      await Container.run(engine, {
        name: 'mien-nats-provision',
        image: cli,
        ...release.busAccess('provisioner'),
        command: ['main.js', 'nats-provision'],
      });
      await release.startAll(images, grpcPort);
      return release;
    } catch (error) {
      await release.stop();
      throw error;
    }
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
    await this.nats.stop();
    return codes;
  }

  private async startAll(images: ReadonlyMap<string, string>, grpcPort: number): Promise<void> {
    const libraryPort = await freePort();
    const shared = {
      MIEN_BIND_ADDRESS: '127.0.0.1',
      MIEN_PLAINTEXT_ALLOWED: 'true',
      MIEN_BUS_PROVISION: 'check',
      MIEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    };
    const own: Partial<Record<Service, Record<string, string>>> = {
      library: { MIEN_GRPC_PORT: `${libraryPort}` },
      gateway: {
        MIEN_LIBRARY_ADDRESS: `127.0.0.1:${libraryPort}`,
        MIEN_GATEWAY_AUTH: 'keys',
        MIEN_ADMIN_KEY_FILE: '/run/secrets/admin-key',
        MIEN_GATEWAY_GRPC_PORT: `${grpcPort}`,
        MIEN_GATEWAY_HTTP_PORT: `${await freePort()}`,
      },
    };
    for (const service of SERVICES) {
      const started = performance.now();
      const { env, mounts } = this.busAccess(service);
      const adminKey = `${join(this.folder, 'admin-key')}:/run/secrets/admin-key:ro`;
      const container = Container.start(this.engine, {
        name: `mien-${service}`,
        image: images.get(service) ?? '',
        env: { ...shared, ...env, MIEN_OPS_PORT: `${await freePort()}`, ...own[service] },
        mounts: [
          ...mounts,
          // Photos and crops on files that all share; in a cluster an object store is between them.
          `${join(this.folder, 'data')}:/var/lib/mien`,
          ...(service === 'gateway' ? [adminKey] : []),
        ],
      });
      this.containers.set(service, container);
      await container.healthy();
      this.startedMs.set(service, performance.now() - started);
    }
  }

  private busAccess(user: BusUser): { env: Record<string, string>; mounts: string[] } {
    return {
      env: { MIEN_NATS_URL: this.nats.url, MIEN_NATS_NKEY_FILE: '/run/secrets/nats.nk' },
      mounts: [`${join(this.folder, 'keys', user)}:/run/secrets/nats.nk:ro`],
    };
  }
}

async function readableByUser(file: string): Promise<void> {
  await chmod(file, 0o400);
  await chown(file, USER, USER);
}
