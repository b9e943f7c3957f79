import { provisionNotifications } from '@mien/notifications';
import type { Runtime } from '@mien/service';
import type { NotifierConfig } from './config';
import { CallbackSender } from './delivery/callback-sender';
import { CIRCUIT_RULES, type CircuitRules } from './delivery/circuit';
import { Deliveries } from './delivery/deliveries';
import { exponentialBackoff, type RetrySchedule } from './delivery/retry-schedule';
import { JobWatch } from './jobs/job-watch';
import { createNotifierMetrics } from './metrics';
import { RuleWatch } from './rules/rule-watch';

/** A notifier that watches and delivers. */
export interface RunningNotifier {
  /** Takes no new work and finishes what is under way within the limit. */
  drain(limitMs: number): Promise<void>;
}

/** When callbacks are tried again and endpoints left alone, where it is to be other than usual. */
export interface Pace {
  readonly schedule: RetrySchedule;
  readonly circuitRules: CircuitRules;
}

const USUAL_PACE: Pace = { schedule: exponentialBackoff(Math.random), circuitRules: CIRCUIT_RULES };

/** Puts a notifier on the bus; any number of them share the work. The runtime stays its caller's. */
export async function startNotifier(
  runtime: Pick<Runtime, 'bus' | 'config' | 'telemetry' | 'logger'>,
  config: NotifierConfig,
  pace: Pace = USUAL_PACE,
): Promise<RunningNotifier> {
  const { bus } = runtime;
  const logger = runtime.logger.child({ part: 'notifier' });
  const { provision, objectStore } = runtime.config;
  await provisionNotifications(bus, provision);
  const cipher = objectStore.encryption?.cipher;
  const sender = new CallbackSender(config);
  const metrics = createNotifierMetrics(runtime.telemetry.meter);
  const deliveries = await Deliveries.start(
    {
      bus,
      sender,
      ...pace,
      concurrency: config.concurrency,
      random: Math.random,
      metrics,
      logger,
    },
    cipher,
  );
  const knows = (endpointId: string) => deliveries.knows(endpointId);
  const rules = await RuleWatch.start({ bus, knows, logger });
  const jobs = new JobWatch({ bus, knows, ended: metrics.jobsEnded, logger });
  return {
    drain: async (limitMs) => {
      await Promise.all([rules.drain(), jobs.drain()]);
      await deliveries.drain(limitMs);
    },
  };
}
