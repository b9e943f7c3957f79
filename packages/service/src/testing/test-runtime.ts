import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findNatsServer,
  JobClient,
  type NatsServer,
  type NewJob,
  type StageName,
  startNatsServer,
} from '@mien/bus';
import { type Job, Lane } from '@mien/proto';
import pino from 'pino';
import { baseConfigSchema } from '../config/base-config';
import { parseConfig } from '../config/parse-config';
import { openRuntime, type Runtime } from '../runtime';
import type { Telemetry } from '../telemetry/telemetry';

/** A real nats-server, a runtime on it, and stage processes that are killed at the end. */
export class TestRuntime {
  private readonly children: ChildProcess[] = [];

  private constructor(
    readonly server: NatsServer,
    readonly runtime: Runtime,
    readonly client: JobClient,
    private readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  static async start(telemetry: Telemetry): Promise<TestRuntime> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-service-'));
    const binary = findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });
    const server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const env = { MIEN_NATS_URL: server.url, MIEN_DATA_DIR: folder, MIEN_STAGE_CONCURRENCY: '1' };
    const { config } = parseConfig({ config: baseConfigSchema }, env);
    const logger = pino({ level: 'silent' });
    const runtime = await openRuntime({ service: 'test', config, telemetry, logger });
    const { bus, store } = runtime;
    const client = new JobClient({ bus, store, logger, metrics: telemetry.line, blobRetentionSeconds: 60 });
    return new TestRuntime(server, runtime, client, folder, env);
  }

  submit(itinerary: StageName[], deadlineMs: number, lane = Lane.LANE_INTERACTIVE): Promise<Job> {
    const job: NewJob = { lane, itinerary, options: undefined, photos: [] };
    return this.client.submit(job, { deadlineMs });
  }

  /** A detector process; needs the package to be built. */
  fork(
    behaviour: 'go' | 'wait' | 'crash',
    stamp: string,
    settings: Record<string, string> = {},
  ): ChildProcess {
    const child = fork(join(__dirname, '../../dist/testing/tiny-process.js'), [behaviour, stamp], {
      env: { ...this.env, MIEN_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent', ...settings },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.children.push(child);
    return child;
  }

  async stop(): Promise<void> {
    this.client.close();
    for (const child of this.children) {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
    }
    await this.runtime.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function stampsOf(job: Job): string[] {
  return job.photos.map((photo) => photo.image?.key ?? '');
}
