import { resolve } from 'node:path';
import { gatewayConfigSchema, startGateway } from '@mien/gateway';
import { libraryConfigSchema, startLibrary } from '@mien/library';
import { notifierConfigSchema, startNotifier } from '@mien/notifier';
import {
  type BaseConfig,
  baseConfigSchema,
  createLogger,
  type Environment,
  letHeapGrow,
  openRuntime,
  parseConfig,
  type Runtime,
  startOpsServer,
  startTelemetry,
} from '@mien/service';
import { provideAdminKey } from './admin-key';
import { connectionTo, startOwnBus } from './bus-server';
import { hostAndPort, innerAddress } from './local-address';
import { closedOnFailure, type Opened } from './opened';
import type { Platform } from './platform';
import { STAGE_STARTERS } from './stage-factories';

const SERVICE = 'mien';

/**
 * Every service in this process, over a nats-server of its own unless MIEN_NATS_URL names one. Settings come from
 * the same variables as those of the single services. Throws CONFIGURATION_INVALID, BUS_UNAVAILABLE,
 * MODEL_PACK_INVALID.
 */
export function startInOneProcess(env: Environment): Promise<Platform> {
  letHeapGrow();
  return closedOnFailure((opened) => open(env, opened));
}

async function open(env: Environment, opened: Opened): Promise<Platform> {
  const parsed = parseConfig(
    {
      base: baseConfigSchema,
      gateway: gatewayConfigSchema,
      library: libraryConfigSchema,
      notifier: notifierConfigSchema,
    },
    env,
  );
  const dataDir = resolve(parsed.base.dataDir);
  const adminKeyFile = await provideAdminKey(parsed.gateway, dataDir);
  const access = { ...parsed.gateway.access, adminKeyFile };
  const bus = env['MIEN_NATS_URL'] === undefined ? await ownBus(parsed.base, dataDir, env, opened) : {};
  const base = { ...parsed.base, dataDir, ...bus };
  const limitMs = base.drainLimitSeconds * 1_000;
  const logger = createLogger({ service: SERVICE, level: base.logLevel });
  const telemetry = startTelemetry({ service: SERVICE, otlpEndpoint: base.otlpEndpoint });
  opened.push(() => telemetry.shutdown());
  let ready = async () => false;
  const { bindAddress, opsPort } = base;
  const ops = await startOpsServer({ bindAddress, port: opsPort, telemetry, ready: () => ready() });
  opened.push(() => ops.close());
  const runtime = await openRuntime({ service: SERVICE, config: base, telemetry, logger });
  opened.push(() => runtime.close());
  await startStages(runtime, env, opened);
  const notifier = await startNotifier(runtime, parsed.notifier);
  opened.push(() => notifier.drain(limitMs));
  const inner = innerAddress(bindAddress);
  const library = await startLibrary({ ...runtime, config: { ...base, bindAddress: inner } }, parsed.library);
  opened.push(() => library.drain(limitMs));
  const libraryAddress = hostAndPort(inner, library.grpcPort);
  const gateway = await startGateway(runtime, { ...parsed.gateway, libraryAddress, access });
  opened.push(() => gateway.drain(limitMs));
  ready = async () => (await runtime.ready()) && (await library.ready());
  return {
    grpcAddress: hostAndPort(bindAddress, gateway.grpcPort),
    encrypted: parsed.gateway.tls !== undefined,
    httpAddress: hostAndPort(bindAddress, gateway.httpPort),
    libraryAddress,
    opsAddress: hostAndPort(bindAddress, ops.port),
    adminKeyFile,
    stop: () => opened.close(),
  };
}

/** Nobody else sets it up. */
async function ownBus(
  { provision }: BaseConfig,
  dataDir: string,
  env: Environment,
  opened: Opened,
): Promise<Pick<BaseConfig, 'nats' | 'provision'>> {
  const bus = await startOwnBus(dataDir, env);
  opened.push(() => bus.server.stop());
  return { nats: connectionTo(bus, 'operator'), provision: { ...provision, mode: 'make' } };
}

async function startStages(runtime: Runtime, env: Environment, opened: Opened): Promise<void> {
  const limitMs = runtime.config.drainLimitSeconds * 1_000;
  const started = await Promise.allSettled(STAGE_STARTERS.map((start) => start(runtime, env)));
  const running = started.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  opened.push(() => Promise.all(running.map((stage) => stage.drain(limitMs))));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
}
