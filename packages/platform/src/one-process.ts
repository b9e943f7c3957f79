import { resolve } from 'node:path';
import { gatewayConfigSchema, startGateway } from '@mien/gateway';
import { libraryConfigSchema, startLibrary } from '@mien/library';
import {
  baseConfigSchema,
  createLogger,
  type Environment,
  letHeapGrow,
  openRuntime,
  parseConfig,
  startOpsServer,
  startTelemetry,
} from '@mien/service';
import { startOwnBus } from './bus-server';
import { hostAndPort, innerAddress } from './local-address';
import type { Platform } from './platform';
import { STAGE_STARTERS } from './stage-factories';

const SERVICE = 'mien';

/**
 * Every service in this process, over a nats-server of its own unless MIEN_NATS_URL names one. Settings come from
 * the same variables as those of the single services. Throws CONFIGURATION_INVALID, BUS_UNAVAILABLE,
 * MODEL_PACK_INVALID.
 */
export async function startInOneProcess(env: Environment): Promise<Platform> {
  letHeapGrow();
  const parsed = parseConfig(
    { base: baseConfigSchema, gateway: gatewayConfigSchema, library: libraryConfigSchema },
    env,
  );
  const dataDir = resolve(parsed.base.dataDir);
  const ownBus = env['MIEN_NATS_URL'] === undefined ? await startOwnBus(dataDir, env) : undefined;
  const nats = ownBus === undefined ? parsed.base.nats : { ...parsed.base.nats, servers: [ownBus.url] };
  const base = { ...parsed.base, dataDir, nats };
  const logger = createLogger({ service: SERVICE, level: base.logLevel });
  const telemetry = startTelemetry({ service: SERVICE, otlpEndpoint: base.otlpEndpoint });
  const runtime = await openRuntime({ service: SERVICE, config: base, telemetry, logger });
  const stages = await Promise.all(STAGE_STARTERS.map((start) => start(runtime, env)));
  const { bindAddress, opsPort: port } = base;
  const inner = innerAddress(bindAddress);
  const library = await startLibrary({ ...runtime, config: { ...base, bindAddress: inner } }, parsed.library);
  const libraryAddress = hostAndPort(inner, library.grpcPort);
  const gateway = await startGateway(runtime, { ...parsed.gateway, libraryAddress });
  const ready = async () => (await runtime.ready()) && (await library.ready());
  const ops = await startOpsServer({ bindAddress, port, telemetry, ready });
  const limitMs = base.drainLimitSeconds * 1_000;
  return {
    grpcAddress: hostAndPort(bindAddress, gateway.grpcPort),
    encrypted: parsed.gateway.tls !== undefined,
    httpAddress: hostAndPort(bindAddress, gateway.httpPort),
    libraryAddress,
    opsAddress: hostAndPort(bindAddress, ops.port),
    stop: async () => {
      await gateway.drain(limitMs);
      await Promise.all([...stages, library].map((stage) => stage.drain(limitMs)));
      await runtime.close();
      await ops.close();
      await telemetry.shutdown();
      await ownBus?.stop();
    },
  };
}
