import { baseConfigSchema } from '../config/base-config';
import { type Environment, parseConfig } from '../config/parse-config';
import { startGrpcServer } from '../grpc/server';
import { letHeapGrow } from '../heap';
import { type Running, runUntilSignal } from '../process';
import type { Runtime } from '../runtime';
import { type Serving, startServiceProcess } from '../service-process';
import { internalTls } from '../tls/internal-tls';
import type { StageFactory } from './stage';
import { stageService } from './stage-service';
import { startStage } from './start-stage';

/** A stage as a process of its own: runs until SIGTERM or SIGINT, drains, exits 0. What can't start exits 1. */
export async function runStageProcess<Config>(
  factory: StageFactory<Config>,
  env: Environment,
): Promise<void> {
  letHeapGrow();
  await runUntilSignal(factory.name, () => startStageProcess(factory, env));
}

async function startStageProcess<Config>(factory: StageFactory<Config>, env: Environment): Promise<Running> {
  const { base, own } = parseConfig({ base: baseConfigSchema, own: factory.configSchema }, env);
  return startServiceProcess(`mien-${factory.name}`, base, (runtime) => serveStage(factory, runtime, own));
}

/** The queue, and beside it the same work over gRPC. */
async function serveStage<Config>(
  factory: StageFactory<Config>,
  runtime: Runtime,
  config: Config,
): Promise<Serving> {
  const { bindAddress, grpcPort, grpcMaxMessageBytes } = runtime.config;
  const stage = await startStage(factory, runtime, { config });
  const grpc = await startGrpcServer([stageService(factory.name, stage.handler, runtime)], {
    bindAddress,
    port: grpcPort,
    maxMessageBytes: grpcMaxMessageBytes,
    tls: internalTls(runtime, `the ${factory.name}`),
  });
  grpc.setServing(true);
  return {
    ports: { grpcPort: grpc.port },
    drain: async (limitMs) => {
      grpc.setServing(false);
      await Promise.all([stage.drain(limitMs), grpc.drain(limitMs)]);
    },
  };
}
