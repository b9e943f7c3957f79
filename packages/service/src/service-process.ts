import { setTimeout } from 'node:timers/promises';
import { asMienError } from '@mien/errors';
import type { BaseConfig } from './config/base-config';
import { createLogger } from './logging/logger';
import { startOpsServer } from './ops/ops-server';
import type { Running } from './process';
import { openRuntime, type Runtime } from './runtime';
import { startTelemetry } from './telemetry/telemetry';

/** What a service adds to what every process has. */
export interface Serving {
  /** Told in the log when the service is ready. */
  readonly ports: Readonly<Record<string, number>>;
  /** Whether what the service itself stands on can be used now; always unless given. */
  ready?(): Promise<boolean>;
  /**
   * Of a service that others connect to: it still takes what comes, and lets who asks know that it is going. Draining
   * begins when load balancers had time to learn of it.
   */
  leave?(): void;
  /** Takes no new work and finishes what is under way within the limit. */
  drain(limitMs: number): Promise<void>;
}

/**
 * A service as a process of its own: logs, telemetry and the operators' answers first, then the bus (waited for),
 * then what `serve` puts on it; on the way down in the opposite order.
 */
export async function startServiceProcess(
  service: string,
  config: BaseConfig,
  serve: (runtime: Runtime) => Promise<Serving>,
): Promise<Running> {
  const logger = createLogger({ service, level: config.logLevel });
  const telemetry = startTelemetry({ service, otlpEndpoint: config.otlpEndpoint });
  let ready = async () => false;
  const { bindAddress, opsPort } = config;
  const ops = await startOpsServer({ bindAddress, port: opsPort, telemetry, ready: () => ready() });
  logger.info({ opsPort: ops.port }, 'starting');
  const runtime = await openRuntime({ service, config, telemetry, logger, waitForBus: true });
  const serving = await serve(runtime);
  ready = async () => (await runtime.ready()) && (await (serving.ready?.() ?? true));
  logger.info({ opsPort: ops.port, ...serving.ports }, 'ready');
  const limitMs = config.drainLimitSeconds * 1_000;
  const delayMs = serving.leave === undefined ? 0 : config.drainDelaySeconds * 1_000;
  return {
    logger,
    limitMs: delayMs + limitMs,
    drain: async () => {
      ready = async () => false;
      serving.leave?.();
      await setTimeout(delayMs);
      await serving.drain(limitMs);
      await runtime.close();
      await ops.close();
      await telemetry
        .shutdown()
        .catch((error: unknown) => logger.warn({ err: asMienError(error) }, 'spans were lost'));
    },
  };
}
