import { type JobHandler, type StageName, StageWorker, Undertaker } from '@mien/bus';
import type { Runtime } from '../runtime';
import type { StageFactory } from './stage';
import { stageHandler } from './stage-handler';

export interface StageOptions<Config> {
  /** What the factory's configSchema read. */
  readonly config: Config;
  /** Jobs worked on at once; the runtime's setting unless given. */
  readonly concurrency?: number;
}

/** A stage that takes work from its queue. */
export interface RunningStage {
  readonly name: StageName;
  /** The same work, for who calls it directly. */
  readonly handler: JobHandler;
  /** Jobs held now. */
  readonly inFlight: number;
  /** Takes no more work, finishes or hands back what it has, and frees the models. */
  drain(limitMs: number): Promise<void>;
}

/** Makes a stage of its factory (loading its models) and puts it to work. The runtime stays its caller's. */
export async function startStage<Config>(
  factory: StageFactory<Config>,
  runtime: Runtime,
  options: StageOptions<Config>,
): Promise<RunningStage> {
  const { bus, store, config, logger } = runtime;
  const stage = await factory.create({
    modelPack: config.modelPack,
    inferenceThreads: config.inferenceThreads,
    inferenceProvider: config.inferenceProvider,
    config: options.config,
  });
  const handler = stageHandler(stage, factory.name, runtime);
  const parts = {
    bus,
    store,
    logger,
    metrics: runtime.telemetry.line,
    blobRetentionSeconds: config.blobRetentionSeconds,
  };
  const undertaker = new Undertaker({ ...parts, stage: factory.name });
  const concurrency = options.concurrency ?? config.stageConcurrency;
  const worker = new StageWorker({ ...parts, stage: factory.name, handler, concurrency });
  return {
    name: factory.name,
    handler,
    get inFlight() {
      return worker.inFlight;
    },
    drain: async (limitMs) => {
      await Promise.all([worker.drain(limitMs), undertaker.stop()]);
      await stage.close();
    },
  };
}
