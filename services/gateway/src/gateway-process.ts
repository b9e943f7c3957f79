import { asMienError } from '@mien/errors';
import {
  baseConfigSchema,
  createLogger,
  type Environment,
  openRuntime,
  parseConfig,
  type Running,
  startOpsServer,
  startTelemetry,
} from '@mien/service';
import { gatewayConfigSchema } from './config';
import { startGateway } from './gateway';

const SERVICE = 'mien-gateway';

/** The gateway as a process of its own: waits for the bus, then serves until it is drained. */
export async function startGatewayProcess(env: Environment): Promise<Running> {
  const { base, gateway: config } = parseConfig(
    { base: baseConfigSchema, gateway: gatewayConfigSchema },
    env,
  );
  const logger = createLogger({ service: SERVICE, level: base.logLevel });
  const telemetry = startTelemetry({ service: SERVICE, otlpEndpoint: base.otlpEndpoint });
  let ready = async () => false;
  const ops = await startOpsServer({
    bindAddress: base.bindAddress,
    port: base.opsPort,
    telemetry,
    ready: () => ready(),
  });
  logger.info({ opsPort: ops.port }, 'starting');
  const runtime = await openRuntime({ service: SERVICE, config: base, telemetry, logger, waitForBus: true });
  const gateway = await startGateway(runtime, config);
  ready = () => runtime.ready();
  logger.info({ opsPort: ops.port, grpcPort: gateway.grpcPort, httpPort: gateway.httpPort }, 'ready');
  const limitMs = base.drainLimitSeconds * 1_000;
  return {
    logger,
    limitMs,
    drain: async () => {
      ready = async () => false;
      await gateway.drain(limitMs);
      await runtime.close();
      await ops.close();
      await telemetry
        .shutdown()
        .catch((error: unknown) => logger.warn({ err: asMienError(error) }, 'spans were lost'));
    },
  };
}
