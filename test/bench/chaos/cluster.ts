import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findNatsServer, type NatsServer, STAGE_NAMES, startNatsServer } from '@mien/bus';
import { type Ports, ServiceProcess } from '@mien/platform';
import { createLogger } from '@mien/service';

/** What can be killed: nats-server, or a service with the number of its copy. */
export type Victim = string;

export interface ClusterOptions {
  readonly dataDir: string;
  readonly settings: NodeJS.ProcessEnv;
  /** Of gateway, notifier and each stage. The library is one: its embedded database and index belong to one process. */
  readonly copies: number;
}

/** The services are what the platform package depends on, not the benchmarks. */
const platformRequire = createRequire(require.resolve('@mien/platform'));

const BUS: Victim = 'nats-server';
const COPIED = [...STAGE_NAMES.filter((name) => name !== 'library'), 'notifier', 'gateway'] as const;

interface Member {
  readonly service: ServiceProcess;
  /** Times that it said it was ready. */
  starts: number;
  heard: () => void;
}

/** Services as processes over a nats-server, each of which can be killed and comes back; their ports stay. */
export class Cluster {
  readonly gateways: Required<Ports>[] = [];
  private readonly members = new Map<Victim, Member>();

  private constructor(
    private readonly options: ClusterOptions,
    private nats: NatsServer,
  ) {}

  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options, await startBus(options.dataDir));
    try {
      await cluster.startServices();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get natsUrl(): string {
    return this.nats.url;
  }

  get victims(): readonly Victim[] {
    return [...this.members.keys(), BUS];
  }

  /** SIGKILL; resolves with the milliseconds until the victim is ready for work again. False: it was not up. */
  async kill(victim: Victim): Promise<number | false> {
    const started = performance.now();
    if (victim === BUS) {
      const { port } = this.nats;
      await this.nats.kill();
      this.nats = await startBus(this.options.dataDir, port);
      return performance.now() - started;
    }
    const member = this.members.get(victim);
    const pid = member?.service.pid;
    if (member === undefined || pid === undefined) {
      return false;
    }
    const wanted = member.starts + 1;
    const back = new Promise<void>((resolve) => {
      member.heard = () => member.starts >= wanted && resolve();
    });
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return false; // between its end and its next start
    }
    await back;
    return performance.now() - started;
  }

  async stop(): Promise<void> {
    const services = [...this.members].map(([, { service }]) => service);
    await Promise.all(services.map((service) => service.stop()));
    await this.nats.stop();
  }

  private async startServices(): Promise<void> {
    const library = await this.member('library', 'library', {}, ({ grpcPort, opsPort }) => ({
      MIEN_GRPC_PORT: String(grpcPort),
      MIEN_OPS_PORT: String(opsPort),
    }));
    const address = { MIEN_LIBRARY_ADDRESS: `127.0.0.1:${library.grpcPort}` };
    for (let copy = 1; copy <= this.options.copies; copy++) {
      for (const name of COPIED) {
        const ports = await this.member(
          name,
          this.options.copies === 1 ? name : `${name} ${copy}`,
          address,
          keptPorts,
        );
        if (name === 'gateway') {
          this.gateways.push({ ...ports, httpPort: ports.httpPort ?? 0 });
        }
      }
    }
  }

  private member(
    name: string,
    victim: Victim,
    own: NodeJS.ProcessEnv,
    keepPorts: (ports: Ports) => NodeJS.ProcessEnv,
  ): Promise<Ports> {
    const service = new ServiceProcess({
      name: victim,
      main: platformRequire.resolve(`@mien/${name}/dist/main.js`),
      env: { ...ANY_PORTS, ...this.options.settings, ...own, MIEN_NATS_URL: this.nats.url },
      logger: createLogger({ service: victim, level: 'silent' }),
      onLog: (line) => this.hear(victim, line),
      keepPorts,
    });
    this.members.set(victim, { service, starts: 0, heard: () => undefined });
    return service.start();
  }

  private hear(victim: Victim, line: string): void {
    const member = this.members.get(victim);
    if (member !== undefined && line.includes('"msg":"ready"')) {
      member.starts += 1;
      member.heard();
    }
  }
}

const ANY_PORTS = {
  MIEN_GRPC_PORT: '0',
  MIEN_OPS_PORT: '0',
  MIEN_GATEWAY_GRPC_PORT: '0',
  MIEN_GATEWAY_HTTP_PORT: '0',
  MIEN_LOG_LEVEL: 'info',
};

function keptPorts({ grpcPort, opsPort, httpPort }: Ports): NodeJS.ProcessEnv {
  return httpPort === undefined
    ? {}
    : {
        MIEN_GATEWAY_GRPC_PORT: String(grpcPort),
        MIEN_GATEWAY_HTTP_PORT: String(httpPort),
        MIEN_OPS_PORT: String(opsPort),
      };
}

function startBus(dataDir: string, port?: number): Promise<NatsServer> {
  const binary = findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [join('.mien', 'bin')],
  });
  return startNatsServer({
    binary,
    dataDir: join(dataDir, 'nats'),
    ...(port === undefined ? {} : { port }),
  });
}
