import { JobClient } from '@mien/bus';
import { provisionNotifications, publishEvent } from '@mien/notifications';
import {
  createRpcMetrics,
  internalTls,
  type Runtime,
  stageService,
  startGrpcServer,
  startStage,
} from '@mien/service';
import type { LibraryConfig } from './config';
import { libraryAdminService } from './grpc/library-admin-service';
import { libraryService } from './grpc/library-service';
import { startLibraryJobs } from './jobs/library-jobs';
import { observedLibrary } from './observed/library-metrics';
import { openConfiguredLibrary } from './open-configured-library';
import { libraryStage } from './stage';

/** A library that works for the line and answers calls. */
export interface RunningLibrary {
  readonly grpcPort: number;
  /** Whether its stores answer. */
  ready(): Promise<boolean>;
  /** Still answers, and lets health checks know that it is going. */
  leave(): void;
  /** Takes no new work, finishes what is under way within the limit, and closes the stores. */
  drain(limitMs: number): Promise<void>;
}

/**
 * Opens the library, which may take minutes where a large index is loaded, and then puts it on the line and behind
 * gRPC. The runtime stays its caller's. Throws CONFIGURATION_INVALID, DATABASE_UNAVAILABLE, VECTOR_INDEX_UNAVAILABLE.
 */
export async function startLibrary(runtime: Runtime, config: LibraryConfig): Promise<RunningLibrary> {
  const { bindAddress, grpcPort, grpcMaxMessageBytes } = runtime.config;
  const tls = internalTls(runtime, 'the library');
  const logger = runtime.logger.child({ stage: 'library' });
  const { bus } = runtime;
  await provisionNotifications(bus, runtime.config.provision);
  const opened = await openConfiguredLibrary(config, runtime.config, runtime.store, logger, (event) =>
    publishEvent(bus, event),
  );
  const { library, stop: stopObserving } = observedLibrary(opened, runtime.telemetry.meter);
  const stage = await startStage(libraryStage(library), runtime, {
    config: {},
    concurrency: config.concurrency,
  });
  const metrics = createRpcMetrics(runtime.telemetry.meter);
  const client = jobClient(runtime);
  const jobs = startLibraryJobs(library, client, metrics);
  const grpc = await startGrpcServer(
    [
      libraryService(library, metrics),
      libraryAdminService(library, metrics),
      jobs.service,
      stageService('library', stage.handler, runtime),
    ],
    { bindAddress, port: grpcPort, maxMessageBytes: grpcMaxMessageBytes, tls },
  );
  grpc.setServing(true);
  return {
    grpcPort: grpc.port,
    ready: () => library.healthy(),
    leave: () => grpc.setServing(false),
    drain: async (limitMs) => {
      grpc.setServing(false);
      client.close();
      await Promise.all([stage.drain(limitMs), grpc.drain(limitMs), jobs.stop()]);
      await stopObserving();
      await library.close();
    },
  };
}

/** Long jobs have work for the line, too. */
function jobClient({ bus, store, config, telemetry, logger }: Runtime): JobClient {
  const { blobRetentionSeconds } = config;
  return new JobClient({ bus, store, blobRetentionSeconds, metrics: telemetry.line, logger });
}
