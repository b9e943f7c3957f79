import { type Bus, JOB_WATCH_CONSUMER, JOBS_STREAM } from '@mien/bus';
import { finishedJob } from '@mien/jobs';
import { jobFinished, publishEvent, queueCallback } from '@mien/notifications';
import { JobState } from '@mien/proto';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { ConsumerLoop } from '../consumer-loop';
import type { NotifierMetrics } from '../metrics';

interface JobWatchOptions {
  readonly bus: Bus;
  /** Whether an endpoint is there. */
  readonly knows: (endpointId: string) => Promise<boolean>;
  readonly ended: NotifierMetrics['jobsEnded'];
  readonly logger: Logger;
}

const CONCURRENCY = 32;

const RETRY_MS = 1_000;

const STATES: Readonly<Partial<Record<JobState, string>>> = {
  [JobState.JOB_STATE_DONE]: 'done',
  [JobState.JOB_STATE_FAILED]: 'failed',
  [JobState.JOB_STATE_CANCELLED]: 'cancelled',
  [JobState.JOB_STATE_DEAD]: 'dead',
};

/**
 * Tells of jobs that have ended, and calls the endpoints that they name. It follows the records themselves: whoever
 * ends a job need do nothing more, and what is told twice has the same id. Its consumer is set up with the bucket, by those
 * who take jobs; until it is there, this waits.
 */
export class JobWatch {
  private loop: ConsumerLoop | undefined;
  private attempt: Promise<void>;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: JobWatchOptions) {
    this.attempt = this.begin();
  }

  /** Takes no more and finishes what is under way. */
  async drain(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.attempt;
    await this.loop?.drain();
  }

  private async begin(): Promise<void> {
    const { bus, logger } = this.options;
    try {
      await bus.jsm.consumers.info(JOBS_STREAM, JOB_WATCH_CONSUMER);
    } catch (error) {
      this.tryAgain(error);
      return;
    }
    this.loop = new ConsumerLoop({
      bus,
      stream: JOBS_STREAM,
      consumer: JOB_WATCH_CONSUMER,
      concurrency: CONCURRENCY,
      handle: ({ data }) => tell(data, this.options),
      logger,
    });
  }

  private tryAgain(error: unknown): void {
    if (!isAbsence(error)) {
      this.options.logger.error({ err: error }, 'jobs can not be followed yet');
    }
    if (!this.stopped) {
      this.retry = setTimeout(() => {
        this.attempt = this.begin();
      }, RETRY_MS);
    }
  }
}

const ABSENCES: readonly number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];

function isAbsence(error: unknown): boolean {
  return error instanceof JetStreamApiError && ABSENCES.includes(error.code);
}

async function tell(record: Uint8Array, { bus, knows, ended, logger }: JobWatchOptions): Promise<void> {
  const finished = finishedJob(record);
  if (finished === undefined) {
    return;
  }
  const event = jobFinished(finished.job, finished.attempt);
  await publishEvent(bus, event);
  ended.add(1, { state: STATES[finished.job.state] ?? 'unknown' });
  const endpointId = finished.job.callbackEndpointId;
  if (endpointId === '') {
    return;
  }
  if (await knows(endpointId)) {
    await queueCallback(bus, { id: event.id, endpointId, event });
    logger.info({ callbackId: event.id, endpointId }, 'a job has ended');
  } else {
    logger.warn({ callbackId: event.id, endpointId }, 'the endpoint of a job is gone');
  }
}
