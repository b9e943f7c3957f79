import { resolve } from 'node:path';
import { STAGE_NAMES, type StageName } from '@mien/bus';
import { MienError } from '@mien/errors';
import { gatewayConfigSchema } from '@mien/gateway';
import { baseConfigSchema, createLogger, type Environment, parseConfig } from '@mien/service';
import { provideAdminKey } from './admin-key';
import { startOwnBus, variablesFor } from './bus-server';
import { hostAndPort, innerAddress } from './local-address';
import type { Platform } from './platform';
import { provisionNats } from './provision-nats';
import { type Ports, ServiceProcess } from './service-process';

type ServiceName = StageName | 'gateway' | 'notifier';

export interface ProcessPlatform extends Platform {
  /** Where the bus is. */
  readonly natsUrl: string;
  /** Holds the seed of the bus's operator, who may do everything there; undefined where the bus is not our own. */
  readonly natsNkeyFile: string | undefined;
  /** Process id of a service now; undefined between its end and its next start. */
  pidOf(service: ServiceName): number | undefined;
}

/**
 * Every service as a process of its own, each started again when it dies. What one of them logs goes to `onLog`,
 * line by line.
 */
export async function startProcessEach(
  env: Environment,
  onLog: (line: string) => void,
): Promise<ProcessPlatform> {
  const { base, gateway: gatewayConfig } = parseConfig(
    { base: baseConfigSchema, gateway: gatewayConfigSchema },
    env,
  );
  const logger = createLogger({ service: 'mien', level: base.logLevel });
  const dataDir = resolve(base.dataDir);
  const adminKeyFile = await provideAdminKey(gatewayConfig, dataDir);
  const ownBus = env['MIEN_NATS_URL'] === undefined ? await startOwnBus(dataDir, env, onLog) : undefined;
  const shared: Environment = {
    ...env,
    MIEN_DATA_DIR: dataDir,
    MIEN_BIND_ADDRESS: innerAddress(base.bindAddress),
    // The ports of the parent's own environment are for one process; each child takes a free one.
    MIEN_GRPC_PORT: '0',
    MIEN_OPS_PORT: '0',
    // Ports are read from the log.
    MIEN_LOG_LEVEL: base.logLevel === 'debug' || base.logLevel === 'trace' ? base.logLevel : 'info',
  };
  const processes = new Map<ServiceName, ServiceProcess>();
  const start = (name: ServiceName, own: Environment, keepPorts?: (ports: Ports) => Environment) => {
    const main = require.resolve(`@mien/${name}/dist/main.js`);
    const keep = keepPorts === undefined ? {} : { keepPorts };
    const bus = ownBus === undefined ? {} : { ...variablesFor(ownBus, name), MIEN_BUS_PROVISION: 'check' };
    const all = { ...shared, ...bus, ...own };
    const service = new ServiceProcess({ name, main, env: all, logger, onLog, ...keep });
    processes.set(name, service);
    return service.start();
  };
  const stop = async () => {
    await processes.get('gateway')?.stop();
    await Promise.all([...processes.values()].map((service) => service.stop()));
    await ownBus?.server.stop();
  };
  try {
    if (ownBus !== undefined) {
      await provisionNats({ ...env, ...variablesFor(ownBus, 'provisioner') });
    }
    const stages = STAGE_NAMES.filter((name) => name !== 'library').map((name) => start(name, {}));
    const front = start('library', {}, libraryVariables).then(async (library) => {
      const libraryAddress = hostAndPort(innerAddress(base.bindAddress), library.grpcPort);
      const own = {
        MIEN_BIND_ADDRESS: base.bindAddress,
        MIEN_OPS_PORT: env['MIEN_OPS_PORT'],
        MIEN_LIBRARY_ADDRESS: libraryAddress,
        MIEN_ADMIN_KEY_FILE: adminKeyFile,
      };
      return { libraryAddress, gateway: await start('gateway', own, gatewayVariables) };
    });
    const [{ libraryAddress, gateway }] = await Promise.all([front, start('notifier', {}), ...stages]);
    const { grpcPort, httpPort, opsPort } = gatewayPorts(gateway);
    const address = (port: number) => hostAndPort(base.bindAddress, port);
    return {
      grpcAddress: address(grpcPort),
      encrypted: gatewayConfig.tls !== undefined,
      httpAddress: address(httpPort),
      libraryAddress,
      opsAddress: address(opsPort),
      adminKeyFile,
      natsUrl: ownBus?.server.url ?? base.nats.servers.join(','),
      natsNkeyFile: ownBus?.seedFileOf('operator'),
      pidOf: (service) => processes.get(service)?.pid,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The gateway knows the library's address. */
function libraryVariables({ grpcPort, opsPort }: Ports): Environment {
  return { MIEN_GRPC_PORT: String(grpcPort), MIEN_OPS_PORT: String(opsPort) };
}

function gatewayVariables({ grpcPort, httpPort, opsPort }: Ports): Environment {
  return {
    MIEN_GATEWAY_GRPC_PORT: String(grpcPort),
    MIEN_GATEWAY_HTTP_PORT: String(httpPort),
    MIEN_OPS_PORT: String(opsPort),
  };
}

function gatewayPorts(ports: Ports): Required<Ports> {
  if (ports.httpPort === undefined) {
    throw new MienError('INTERNAL', 'the gateway did not tell its HTTP port');
  }
  return { ...ports, httpPort: ports.httpPort };
}
