import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { type JobResult, Role, SubmitJobRequest, type SubmittedJob } from '@mien/proto';
import { LocalDiskStore } from '@mien/stores';
import pino from 'pino';
import { JobStore } from '../job-store';
import { provisionJobs } from '../streams';
import { JobPlanner } from '../tasks/planner';
import { JobRunner, type TaskExecutor } from '../tasks/runner';

const RETENTION_SECONDS = 3_600;
const LIMIT_MS = 30_000;

/** A store, planner and runner of one gateway. */
export interface TestGateway {
  readonly bus: Bus;
  readonly jobs: JobStore;
  /** As a crash would: the connection is gone, nothing is handed back. */
  crash(): Promise<void>;
  drain(): Promise<void>;
}

/** A real nats-server with any number of gateways' job parts on it. */
export class TestJobs {
  readonly logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  private readonly gateways = new Set<TestGateway>();

  private constructor(
    readonly folder: string,
    private nats: NatsServer,
    readonly store: LocalDiskStore,
  ) {}

  static async start(): Promise<TestJobs> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-jobs-'));
    const store = await LocalDiskStore.open({ folder: join(folder, 'blobs'), fsync: false });
    return new TestJobs(folder, await bus(folder), store);
  }

  /** Without an executor, a gateway that only takes jobs in. */
  async gateway(execute?: TaskExecutor, concurrency = 4): Promise<TestGateway> {
    const { logger, store } = this;
    const connection = await Bus.connect({ servers: [this.nats.url], name: 'test', logger });
    await provisionJobs(connection, { replicas: 1, retentionSeconds: RETENTION_SECONDS });
    const jobs = await JobStore.open({ bus: connection, store, logger, retentionSeconds: RETENTION_SECONDS });
    const planner = execute && new JobPlanner({ jobs, logger });
    const runner = execute && new JobRunner({ jobs, store, execute, concurrency, logger });
    const gateway: TestGateway = {
      bus: connection,
      jobs,
      crash: async () => {
        this.gateways.delete(gateway);
        await connection.nc.close();
        // What it still asked a closed connection may never be answered: nobody waits for it.
        void runner?.drain(0);
        void planner?.drain();
      },
      drain: async () => {
        this.gateways.delete(gateway);
        await runner?.drain(1_000);
        await planner?.drain();
        await connection.close();
      },
    };
    this.gateways.add(gateway);
    return gateway;
  }

  /** SIGKILL, and a new server on the same port and folder. */
  async killBus(): Promise<void> {
    const { port } = this.nats;
    await this.nats.kill();
    this.nats = await bus(this.folder, port);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.gateways].map((gateway) => gateway.drain()));
    await this.nats.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function submission(photos: number, changes: { keyId?: string; idempotencyKey?: string } = {}) {
  const { keyId = 'key', idempotencyKey = '' } = changes;
  return {
    request: SubmitJobRequest.fromPartial({
      work: { $case: 'detect', value: {} },
      photos: Array.from({ length: photos }, (_, index) => ({
        name: `photo ${index}`,
        source: { $case: 'content', value: Buffer.from(`photo ${index}`) },
      })),
      idempotencyKey,
    }),
    owner: { keyId, role: Role.ROLE_READ, groupIds: [] },
    deadline: new Date(Date.now() + 600_000),
  };
}

/** Waits until the job has ended. */
export async function ended(jobs: JobStore, id: string): Promise<SubmittedJob> {
  let last: SubmittedJob | undefined;
  for await (const job of jobs.watch(id, AbortSignal.timeout(LIMIT_MS))) {
    last = job;
  }
  if (last === undefined) {
    throw new Error('the job was not told of');
  }
  return last;
}

export async function allResults(jobs: JobStore, id: string): Promise<JobResult[]> {
  const results: JobResult[] = [];
  for (let cursor = ''; ; ) {
    const page = await jobs.results(id, { size: 100, cursor });
    results.push(...page.results);
    cursor = page.nextCursor;
    if (cursor === '') {
      return results;
    }
  }
}

function bus(folder: string, port?: number): Promise<NatsServer> {
  const binary = findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [],
  });
  return startNatsServer({
    binary,
    dataDir: join(folder, 'nats'),
    maxPayload: 1_048_576,
    ...(port === undefined ? {} : { port }),
  });
}
