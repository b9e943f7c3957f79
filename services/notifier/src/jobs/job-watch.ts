import type { Bus } from '@mien/bus';
import { finishedJob, JOBS_STREAM, RECORD_SUBJECTS } from '@mien/jobs';
import { jobFinished, publishEvent, queueCallback } from '@mien/notifications';
import { AckPolicy, DeliverPolicy, JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { ConsumerLoop } from '../consumer-loop';

interface JobWatchOptions {
  readonly bus: Bus;
  /** Whether an endpoint is there. */
  readonly knows: (endpointId: string) => Promise<boolean>;
  readonly logger: Logger;
}

const CONSUMER = 'notifier';
const ACK_WAIT_MS = 5_000;
const CONCURRENCY = 32;

const RETRY_MS = 1_000;

/**
 * Tells of jobs that have ended, and calls the endpoints that they name. It follows the records themselves: whoever
 * ends a job need do nothing more, and what is told twice has the same id. The bucket is made by those who take jobs;
 * until it is there, this waits.
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
      await bus.jsm.consumers.add(JOBS_STREAM, {
        durable_name: CONSUMER,
        filter_subject: RECORD_SUBJECTS,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ack_wait: nanos(ACK_WAIT_MS),
        max_ack_pending: 1_024,
      });
    } catch (error) {
      this.tryAgain(error);
      return;
    }
    this.loop = new ConsumerLoop({
      bus,
      stream: JOBS_STREAM,
      consumer: CONSUMER,
      concurrency: CONCURRENCY,
      handle: ({ data }) => tell(data, this.options),
      logger,
    });
  }

  private tryAgain(error: unknown): void {
    const absent = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
    if (!absent) {
      this.options.logger.error({ err: error }, 'jobs can not be followed yet');
    }
    if (!this.stopped) {
      this.retry = setTimeout(() => {
        this.attempt = this.begin();
      }, RETRY_MS);
    }
  }
}

async function tell(record: Uint8Array, { bus, knows, logger }: JobWatchOptions): Promise<void> {
  const finished = finishedJob(record);
  if (finished === undefined) {
    return;
  }
  const event = jobFinished(finished.job, finished.attempt);
  await publishEvent(bus, event);
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
