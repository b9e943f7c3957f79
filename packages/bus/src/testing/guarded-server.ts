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
  /** What the server told of those who tried more than they may. */
  readonly violations: string[] = [];
  readonly logger: Logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  private readonly buses = new Map<BusUser, Bus>();
  private readonly credentials = new Map<BusUser, BusCredentials>(
    BUS_USERS.map((user) => [user, newCredentials()]),
  );
  private server: NatsServer | undefined;

  private constructor(readonly folder: string) {}

  static async start(): Promise<GuardedServer> {
    const guarded = new GuardedServer(await mkdtemp(join(tmpdir(), 'mien-guarded-')));
    await guarded.listen();
    return guarded;
  }

  /** SIGKILL, and a new server on the same port and folder. */
  async crash(): Promise<void> {
    const port = this.server?.port;
    await this.server?.kill();
    await this.listen(port);
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
    const servers = [this.server?.url ?? ''];
    return Bus.connect({ servers, name: connectionName(user), logger: this.logger, nkeySeed });
  }

  async stop(): Promise<void> {
    for (const bus of this.buses.values()) {
      await bus.close();
    }
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async listen(port?: number): Promise<void> {
    this.server = await startNatsServer({
      binary: natsBinary(),
      dataDir: join(this.folder, 'nats'),
      users: serverUsers(this.credentials),
      onLog: (line) => {
        if (/violation/i.test(line)) {
          this.violations.push(line);
        }
      },
      ...(port === undefined ? {} : { port }),
    });
  }
}
