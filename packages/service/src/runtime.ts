import { Bus, provision } from '@mien/bus';
import type { ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';
import type { BaseConfig } from './config/base-config';
import { openObjectStore } from './object-store';
import type { Telemetry } from './telemetry/telemetry';
import { openTls } from './tls/open-tls';
import type { ReloadingTls } from './tls/reloading-tls';

export interface RuntimeOptions {
  readonly service: string;
  readonly config: BaseConfig;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  /** Wait for NATS and the object store to come up instead of throwing BUS_UNAVAILABLE or OBJECT_STORE_UNAVAILABLE. */
  readonly waitForBus?: boolean;
}

/** What the stages and the gateway of one process share. */
export interface Runtime {
  readonly service: string;
  readonly config: BaseConfig;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly bus: Bus;
  readonly store: ObjectStore;
  /** Between services: none where they talk in plain text. */
  readonly internalTls: ReloadingTls | undefined;
  /** Whether the bus is connected and the store can be used. */
  ready(): Promise<boolean>;
  /** Closes the connection to the bus, what is buffered sent first. Telemetry stays, for who started it. */
  close(): Promise<void>;
}

/** Connects to the bus, checks it against the stage catalog and opens the object store. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { service, config, logger } = options;
  const internalTls = await openTls(config.internalTls, config, logger);
  const store = await openObjectStore(config, logger, options.waitForBus ?? false);
  const bus = await Bus.connect({
    ...config.nats,
    name: service,
    logger,
    waitForServer: options.waitForBus ?? false,
  });
  try {
    await provision(bus, config.provision);
  } catch (error) {
    await bus.close();
    throw error;
  }
  return {
    service,
    config,
    telemetry: options.telemetry,
    logger,
    bus,
    store,
    internalTls,
    ready: async () => bus.connected && (await store.healthy()),
    close: async () => {
      internalTls?.close();
      await bus.close();
    },
  };
}
