import { asMienError } from '@mien/errors';
import { baseConfigSchema } from '../config/base-config';
import { type Environment, parseConfig } from '../config/parse-config';
import { startGrpcServer } from '../grpc/server';
import { createLogger } from '../logging/logger';
import { startOpsServer } from '../ops/ops-server';
import { runUntilSignal } from '../process';
import { openRuntime } from '../runtime';
import { startTelemetry } from '../telemetry/telemetry';
import type { StageFactory } from './stage';
import { stageService } from './stage-service';
import { startStage } from './start-stage';

/** A stage as a process of its own: runs until SIGTERM or SIGINT, drains, exits 0. What can't start exits 1. */
export async function runStageProcess<Config>(
  factory: StageFactory<Config>,
  env: Environment,
): Promise<void> {
  await runUntilSignal(factory.name, () => startStageProcess(factory, env));
}

async function startStageProcess<Config>(factory: StageFactory<Config>, env: Environment) {
  const { base, own } = parseConfig({ base: baseConfigSchema, own: factory.configSchema }, env);
  const service = `mien-${factory.name}`;
  const logger = createLogger({ service, level: base.logLevel });
  const telemetry = startTelemetry({ service, otlpEndpoint: base.otlpEndpoint });
  let ready = async () => false;
  const ops = await startOpsServer({
    bindAddress: base.bindAddress,
    port: base.opsPort,
    telemetry,
    ready: () => ready(),
  });
  logger.info({ opsPort: ops.port }, 'starting');
  const runtime = await openRuntime({ service, config: base, telemetry, logger, waitForBus: true });
  const stage = await startStage(factory, runtime, { config: own });
  const grpc = await startGrpcServer([stageService(factory.name, stage.handler, runtime)], {
    bindAddress: base.bindAddress,
    port: base.grpcPort,
    maxMessageBytes: base.grpcMaxMessageBytes,
  });
  grpc.setServing(true);
  ready = () => runtime.ready();
  logger.info({ opsPort: ops.port, grpcPort: grpc.port }, 'ready');
  const limitMs = base.drainLimitSeconds * 1_000;
  return {
    logger,
    limitMs,
    drain: async () => {
      ready = async () => false;
      grpc.setServing(false);
      await Promise.all([stage.drain(limitMs), grpc.drain(limitMs)]);
      await runtime.close();
      await ops.close();
      await telemetry
        .shutdown()
        .catch((error: unknown) => logger.warn({ err: asMienError(error) }, 'spans were lost'));
    },
  };
}
