import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, Lane, type Photo } from '@mien/proto';
import { LocalDiskStore } from '@mien/stores';
import { metrics } from '@opentelemetry/api';
import pino, { type Logger } from 'pino';
import type { StageName } from '../catalog';
import { Bus } from '../connection';
import { JobClient, type NewJob } from '../job-client';
import type { JobHandler } from '../job-run';
import { provision } from '../provision/provision';
import { findNatsServer } from '../server/find-binary';
import { type NatsServer, startNatsServer } from '../server/nats-server';
import { createLineMetrics, type LineMetrics } from '../telemetry/metrics';
import { StageWorker } from '../worker';

/** A real nats-server and a real store, with what tests start on them. */
export class TestLine {
  private readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly server: NatsServer,
    readonly folder: string,
    readonly bus: Bus,
    readonly store: LocalDiskStore,
    readonly logger: Logger,
    readonly lineMetrics: LineMetrics,
  ) {}

  static async start(options: { maxPayload?: number } = {}): Promise<TestLine> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-line-'));
    const server = await startNatsServer({ binary: natsBinary(), dataDir: join(folder, 'nats'), ...options });
    const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
    const bus = await Bus.connect({ servers: [server.url], name: 'test', logger });
    try {
      await provision(bus);
    } catch (error) {
      await bus.close();
      await server.stop();
      throw error;
    }
    const store = await LocalDiskStore.open({ folder: join(folder, 'blobs'), fsync: false });
    return new TestLine(server, folder, bus, store, logger, createLineMetrics(metrics.getMeter('test')));
  }

  worker(stage: StageName, handler: JobHandler, concurrency = 2): StageWorker {
    const worker = new StageWorker({ ...this.parts(), stage, handler, concurrency });
    this.closing.push(() => worker.drain(1_000));
    return worker;
  }

  client(): JobClient {
    const client = new JobClient(this.parts());
    this.closing.push(async () => client.close());
    return client;
  }

  /** What workers, clients and undertakers all need. */
  parts() {
    const { bus, store, logger } = this;
    return { bus, store, logger, metrics: this.lineMetrics, blobRetentionSeconds: 60 };
  }

  /** Ends what was started, in order; run after the server's end too. */
  async stop(): Promise<void> {
    for (const close of this.closing) {
      await close();
    }
    await this.bus.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export function natsBinary(): string {
  return findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });
}

export function newJob(itinerary: StageName[], lane = Lane.LANE_INTERACTIVE, photos: Photo[] = []): NewJob {
  return { lane, itinerary, options: undefined, photos };
}

/** Leaves a trace of a stage's work in the job, where tests can see it. */
export function stamp(job: Job, text: string): Job {
  const photo: Photo = {
    image: { key: text, sha256: '', size: 0 },
    width: 0,
    height: 0,
    faces: [],
    problem: undefined,
  };
  return { ...job, photos: [...job.photos, photo] };
}

export function stampsOf(job: Job): string[] {
  return job.photos.map((photo) => photo.image?.key ?? '');
}

/** A promise and how to settle it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
