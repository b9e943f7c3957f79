import type { JobClient } from '@mien/bus';
import type { GrpcService, RpcMetrics } from '@mien/service';
import { libraryJobService } from '../grpc/library-job-service';
import type { Library } from '../library';
import { Background } from './background';
import { DuplicateCheckWork } from './duplicates/duplicate-check-work';
import { EndedJobs } from './ended-jobs';
import { CropEmbedder } from './upgrades/embed-crops';
import { ModelUpgradeWork } from './upgrades/model-upgrade-work';

/** How often to look for jobs that other processes made or left behind. */
const PAUSE_MS = 10_000;
const HOUR_MS = 3_600_000;

/** The long jobs of a library, and the service to ask for them. */
export interface LibraryJobs {
  readonly service: GrpcService;
  /** Lets go of the jobs under way: whoever runs next goes on with them. The job client stays its caller's. */
  stop(): Promise<void>;
}

/** Takes on what waits in the database from now on: one duplicate check and one upgrade at a time. */
export function startLibraryJobs(library: Library, jobs: JobClient, metrics: RpcMetrics): LibraryJobs {
  const { objects, logger } = library;
  const background = { pauseMs: PAUSE_MS, logger };
  const checks = new Background(new DuplicateCheckWork(library), background);
  const upgrades = new Background(
    new ModelUpgradeWork(library, new CropEmbedder({ objects, jobs })),
    background,
  );
  const ended = new Background(new EndedJobs(library.people), { pauseMs: HOUR_MS, logger });
  return {
    service: libraryJobService(library, metrics, {
      duplicateCheck: () => checks.wake(),
      modelUpgrade: () => upgrades.wake(),
    }),
    stop: async () => {
      await Promise.all([checks.stop(), upgrades.stop(), ended.stop()]);
    },
  };
}
