import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, JobClient, type NatsServer, startNatsServer } from '@mien/bus';
import { embedderFactory } from '@mien/embedder';
import { defaultManifestPath, loadPack } from '@mien/models';
import {
  baseConfigSchema,
  openRuntime,
  parseConfig,
  type RunningStage,
  type Runtime,
  startStage,
  startTelemetry,
} from '@mien/service';
import pino from 'pino';

/** The model of the further pack that the test's embedder runs. */
export const AVERAGING_MODEL = 'fr-feature-1-averaging';

/** A real nats-server with a real embedder on it, which runs the default pack's model and one more. */
export class EmbedderLine {
  private constructor(
    readonly folder: string,
    readonly runtime: Runtime,
    readonly jobs: JobClient,
    /** Manifest of the further model's pack. */
    readonly furtherPack: string,
    private readonly server: NatsServer,
    private readonly stage: RunningStage,
    private readonly closeTelemetry: () => Promise<void>,
  ) {}

  static async start(): Promise<EmbedderLine> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-embedder-line-'));
    const binary = findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });
    const server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const furtherPack = await averagingPack(folder);
    const env = {
      MIEN_NATS_URL: server.url,
      MIEN_DATA_DIR: folder,
      MIEN_MODEL_PACK: defaultManifestPath(),
      MIEN_EXTRA_EMBEDDING_PACKS: furtherPack,
    };
    const { base, own } = parseConfig({ base: baseConfigSchema, own: embedderFactory.configSchema }, env);
    const telemetry = startTelemetry({ service: 'test' });
    const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
    const runtime = await openRuntime({ service: 'test', config: base, telemetry, logger });
    const stage = await startStage(embedderFactory, runtime, { config: own });
    const { bus, store } = runtime;
    const jobs = new JobClient({ bus, store, logger, metrics: telemetry.line, blobRetentionSeconds: 60 });
    return new EmbedderLine(folder, runtime, jobs, furtherPack, server, stage, () => telemetry.shutdown());
  }

  get natsUrl(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    this.jobs.close();
    await this.stage.drain(5_000);
    await this.runtime.close();
    await this.server.stop();
    await this.closeTelemetry();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The default pack's network as another model: it averages a face and its mirror image. */
async function averagingPack(folder: string): Promise<string> {
  const { path, ...model } = loadPack(defaultManifestPath()).model('embedding');
  await copyFile(path, join(folder, model.file));
  const averaging = {
    ...model,
    version: AVERAGING_MODEL,
    embedding: { ...model.embedding, flipAverage: true },
  };
  const manifest = join(folder, 'averaging.json');
  const pack = { manifestVersion: 1, name: 'averaging', version: '1', models: [averaging] };
  await writeFile(manifest, JSON.stringify(pack));
  return manifest;
}
