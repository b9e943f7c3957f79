import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { serverUsers } from '../access/all-users';
import { type BusCredentials, newCredentials } from '../access/credentials';
import { BUS_USERS, type BusUser, connectionName } from '../access/users';
import { Bus } from '../connection';
import { type NatsServer, startNatsServer } from '../server/nats-server';
import { natsBinary } from './test-line';

/** A real nats-server that lets every user of the table in with that user's rights, and nobody else. */
export class GuardedServer {
  private readonly buses = new Map<BusUser, Bus>();
  readonly logger: Logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

  private constructor(
    readonly server: NatsServer,
    readonly folder: string,
    private readonly credentials: ReadonlyMap<BusUser, BusCredentials>,
  ) {}

  static async start(): Promise<GuardedServer> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-guarded-'));
    const credentials = new Map(BUS_USERS.map((user) => [user, newCredentials()]));
    const users = serverUsers(credentials);
    const server = await startNatsServer({ binary: natsBinary(), dataDir: join(folder, 'nats'), users });
    return new GuardedServer(server, folder, credentials);
  }

  /** The user's connection: one for each. */
  async as(user: BusUser): Promise<Bus> {
    const open = this.buses.get(user) ?? (await this.connect(user, this.seedOf(user)));
    this.buses.set(user, open);
    return open;
  }

  seedOf(user: BusUser): string | undefined {
    return this.credentials.get(user)?.seed;
  }

  connect(user: BusUser, nkeySeed: string | undefined): Promise<Bus> {
    const { server, logger } = this;
    return Bus.connect({ servers: [server.url], name: connectionName(user), logger, nkeySeed });
  }

  async stop(): Promise<void> {
    for (const bus of this.buses.values()) {
      await bus.close();
    }
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
