import { join } from 'node:path';
import { findNatsServer, type NatsServer, STAGE_NAMES, startNatsServer } from '@mien/bus';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { QdrantServer } from '@mien/vectors/dist/testing/qdrant-server';
import { Balancer } from './balancer';
import { Instance, type ServicePorts } from './instance';
import type { Release } from './release';

/** In the order of an upgrade: a gateway asks nothing that the services behind it do not know yet. */
const SERVICES = [
  ...STAGE_NAMES.filter((name) => name !== 'library'),
  'notifier',
  'library',
  'gateway',
] as const;
const COPIES: Readonly<Record<string, number>> = { gateway: 2 };
/** Longer than a balancer takes to learn that a service goes. */
const DRAIN_DELAY_SECONDS = 1;
/** Clients with a connection of their own over gRPC. */
const GRPC_ENTRANCES = 3;

interface Member {
  readonly service: string;
  readonly label: string;
  instance: Instance;
}

export interface Roll {
  readonly label: string;
  readonly startMs: number;
  readonly drainMs: number;
  readonly from: number;
  readonly until: number;
}

/** Every service as processes over NATS, PostgreSQL and an index that libraries share, balancers in front. */
export class Fleet {
  readonly grpcEntrances: Balancer[] = [];
  private readonly members: Member[] = [];
  private readonly closing: (() => unknown)[] = [];

  private constructor(
    private readonly settings: NodeJS.ProcessEnv,
    private readonly library: Balancer,
    readonly httpEntrance: Balancer,
  ) {}

  static async start(dataDir: string, release: Release, settings: NodeJS.ProcessEnv): Promise<Fleet> {
    const closing: (() => unknown)[] = [];
    const binaries = findPostgres();
    if (binaries === undefined) {
      throw new Error('two libraries side by side need PostgreSQL, and none is installed here');
    }
    const nats = await startBus(dataDir);
    closing.push(() => nats.stop());
    const postgres = await PostgresServer.start(binaries);
    closing.push(() => postgres.stop());
    const qdrant = await QdrantServer.start();
    closing.push(() => qdrant.stop());
    const library = await Balancer.listen();
    const fleet = new Fleet(
      {
        ...settings,
        ...ANY_PORTS,
        MIEN_DATA_DIR: dataDir,
        MIEN_NATS_URL: nats.url,
        MIEN_LIBRARY_DATABASE_URL: await postgres.newDatabase(),
        MIEN_QDRANT_URL: qdrant.url,
        MIEN_LIBRARY_ADDRESS: library.address,
        MIEN_DRAIN_DELAY_SECONDS: String(DRAIN_DELAY_SECONDS),
      },
      library,
      await Balancer.listen(),
    );
    fleet.closing.push(...closing);
    for (let entrance = 0; entrance < GRPC_ENTRANCES; entrance += 1) {
      fleet.grpcEntrances.push(await Balancer.listen());
    }
    try {
      await fleet.startAll(release);
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  get labels(): readonly string[] {
    return this.members.map(({ label }) => label);
  }

  /** One after the other: a new process, and when that is ready the old one is told to go. */
  async *roll(release: Release): AsyncGenerator<Roll, void, void> {
    for (const member of this.members) {
      const from = performance.now();
      const old = member.instance;
      member.instance = await this.startOne(release, member.service);
      const started = performance.now();
      const drainMs = await old.terminate();
      this.withdraw(member.service, old.ports);
      yield { label: member.label, startMs: started - from, drainMs, from, until: performance.now() };
    }
  }

  async stop(): Promise<void> {
    for (const balancer of [this.library, this.httpEntrance, ...this.grpcEntrances]) {
      balancer.close();
    }
    await Promise.allSettled(this.members.map(({ instance }) => instance.terminate()));
    for (const close of this.closing.reverse()) {
      await close();
    }
  }

  private async startAll(release: Release): Promise<void> {
    for (const service of SERVICES) {
      const copies = COPIES[service] ?? 1;
      for (let copy = 1; copy <= copies; copy += 1) {
        const label = copies === 1 ? service : `${service} ${copy}`;
        this.members.push({ service, label, instance: await this.startOne(release, service) });
      }
    }
  }

  private async startOne(release: Release, service: string): Promise<Instance> {
    const instance = await Instance.start(release.mainOf(service), this.settings);
    for (const [balancer, port] of this.entrancesOf(service, instance.ports)) {
      balancer.add({ port, opsPort: instance.ports.opsPort });
    }
    return instance;
  }

  private withdraw(service: string, ports: ServicePorts): void {
    for (const [balancer, port] of this.entrancesOf(service, ports)) {
      balancer.remove(port);
    }
  }

  private entrancesOf(service: string, { grpcPort, httpPort }: ServicePorts): [Balancer, number][] {
    if (service === 'library') {
      return [[this.library, grpcPort]];
    }
    return service === 'gateway'
      ? [
          [this.httpEntrance, httpPort],
          ...this.grpcEntrances.map((entrance): [Balancer, number] => [entrance, grpcPort]),
        ]
      : [];
  }
}

const ANY_PORTS = {
  MIEN_GRPC_PORT: '0',
  MIEN_OPS_PORT: '0',
  MIEN_GATEWAY_GRPC_PORT: '0',
  MIEN_GATEWAY_HTTP_PORT: '0',
  MIEN_LOG_LEVEL: 'info',
};

function startBus(dataDir: string): Promise<NatsServer> {
  const binary = findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [join('.mien', 'bin')],
  });
  return startNatsServer({ binary, dataDir: join(dataDir, 'nats') });
}
