import { JobPlanner, JobRunner, JobStore, provisionJobs } from '@mien/jobs';
import type { Runtime } from '@mien/service';
import { type BacklogLimits, JobBacklog } from '../load/job-backlog';
import { observeBacklog } from '../load/load-metrics';
import type { Call } from '../usecases/call';
import type { JobUseCases, UseCases } from '../usecases/use-cases';
import { jobExecutor } from './job-executor';
import { jobUseCases } from './job-use-cases';
import { Uploads } from './uploads';

export interface JobSettings {
  /** How long jobs, their photos, their results and uploads are kept. */
  readonly retentionSeconds: number;
  /** Photos of jobs that this gateway has under way. */
  readonly concurrency: number;
  /** For one attempt at a photo. */
  readonly photoMs: number;
  readonly backlog: BacklogLimits;
}

interface JobsOfGateway {
  readonly useCases: JobUseCases;
  readonly store: JobStore;
  /** Takes no further photos; those under way are finished, or handed back after the limit. */
  drain(limitMs: number): Promise<void>;
}

interface Surroundings {
  readonly useCases: UseCases;
  readonly hasLibrary: boolean;
  expectEndpoint(id: string, call: Call): Promise<unknown>;
}

const BACKLOG_INTERVAL_MS = 1_000;

/** Jobs as the bus keeps them, and this gateway's part in doing them. Throws BUS_UNAVAILABLE. */
export async function openJobs(
  { bus, store: objects, logger, config, telemetry }: Runtime,
  settings: JobSettings,
  { useCases, hasLibrary, expectEndpoint }: Surroundings,
): Promise<JobsOfGateway> {
  const { retentionSeconds, concurrency, photoMs } = settings;
  await provisionJobs(bus, { ...config.provision, retentionSeconds });
  const store = await JobStore.open({ bus, store: objects, logger, retentionSeconds });
  const uploads = new Uploads(objects, retentionSeconds);
  const backlog = new JobBacklog(bus, logger, settings.backlog, BACKLOG_INTERVAL_MS);
  const endBacklogMetrics = observeBacklog(backlog, telemetry.meter);
  const planner = new JobPlanner({ jobs: store, logger });
  const execute = jobExecutor({ useCases, store: objects, uploads, photoMs });
  const runner = new JobRunner({ jobs: store, store: objects, execute, concurrency, logger });
  return {
    store,
    useCases: jobUseCases({
      store,
      uploads,
      hasLibrary,
      refuseWhenFull: () => backlog.refuseWhenFull(),
      expectEndpoint,
    }),
    drain: async (limitMs) => {
      backlog.stop();
      endBacklogMetrics();
      await Promise.all([runner.drain(limitMs), planner.drain()]);
    },
  };
}
