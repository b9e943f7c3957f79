import { asMienError, MienError, mayPass } from '@mien/errors';
import type { BlobRef, Job } from '@mien/proto';
import type { Logger } from 'pino';
import { answerFailed, prepareAnswer, queueFor } from './answers';
import { type LaneName, STAGE_CATALOG, type StageName, stageNamed } from './catalog';
import type { Bus } from './connection';
import { cropBlobs } from './crops';
import { bury } from './dead/letters';
import type { Delivery } from './delivery';
import type { Disposal } from './disposal';
import { type Envelopes, openJob } from './envelope';
import { deadlinePassed, isExpired, secondsSince, stageFailed } from './job-fate';
import type { Slots } from './slots';
import { consumerOf } from './subjects';
import type { Submissions } from './submissions';
import type { LineMetrics } from './telemetry/metrics';
import { inStageSpan } from './telemetry/tracing';

/** A stage's work on one job, crops inline. The signal aborts at the job's deadline and at a forced shutdown. */
export type JobHandler = (job: Job, context: { readonly signal: AbortSignal }) => Promise<Job>;

export interface JobRunOptions {
  readonly bus: Bus;
  readonly stage: StageName;
  readonly handler: JobHandler;
  readonly envelopes: Envelopes;
  readonly slots: Slots;
  readonly disposal: Disposal;
  readonly submissions: Submissions;
  readonly metrics: LineMetrics;
  readonly logger: Logger;
  /** Aborts when the process can wait no longer. */
  readonly going: AbortSignal;
}

/** A delivery under way. It is read at each use: a redelivery may have replaced it. */
export interface Holder {
  readonly delivery: Delivery;
  /** Called right after the acknowledgement: what it sends to the server goes in the same write. */
  settled(): void;
}

type Outcome =
  | 'forwarded'
  | 'answered'
  | 'failed'
  | 'expired'
  | 'retried'
  | 'dead'
  | 'unreadable'
  | 'cancelled'
  | 'handed_back';

/** What becomes of one delivered job: forwarded, answered, tried again, or dead. Always handed on before the ack. */
export class JobRun {
  constructor(private readonly options: JobRunOptions) {}

  async take(holder: Holder, lane: LaneName): Promise<void> {
    const { stage, metrics } = this.options;
    if (holder.delivery.deliveries > 1) {
      metrics.redeliveries.add(1, { stage, lane });
    }
    const outcome = await this.outcomeOf(holder, lane);
    metrics.jobs.add(1, { stage, lane, outcome });
  }

  private async outcomeOf(holder: Holder, lane: LaneName): Promise<Outcome> {
    const opened = this.open(holder.delivery);
    if (opened instanceof MienError) {
      return this.die(holder.delivery, undefined, opened, 'unreadable');
    }
    const release = await this.options.slots.take(lane);
    if (release === undefined && !this.isLast(holder.delivery)) {
      return this.handBack(holder.delivery);
    }
    try {
      if (isExpired(opened)) {
        return await this.fail(holder.delivery, opened, deadlinePassed(), 'expired');
      }
      const { submission } = opened;
      if (submission !== undefined && this.options.submissions.isCancelled(submission)) {
        holder.delivery.ack();
        return 'cancelled';
      }
      if (submission !== undefined) {
        this.options.submissions.begin(submission);
      }
      return await this.workOn(opened, holder, lane, () => release?.());
    } finally {
      release?.();
    }
  }

  private open(delivery: Delivery): Job | MienError {
    try {
      const job = openJob(delivery.data);
      return job.itinerary[0] === this.options.stage
        ? job
        : new MienError('INTERNAL', `the job is for ${job.itinerary[0]}, not for ${this.options.stage}`);
    } catch (error) {
      return asMienError(error);
    }
  }

  private async workOn(job: Job, holder: Holder, lane: LaneName, release: () => void): Promise<Outcome> {
    const { stage, metrics } = this.options;
    const { delivery } = holder;
    const about = {
      subject: delivery.subject,
      stage,
      lane,
      job,
      bodyBytes: delivery.data.byteLength,
      consumer: consumerOf(stage, lane),
      deliveries: delivery.deliveries,
    };
    metrics.queueWait.record(secondsSince(job.enqueuedAt), { stage, lane });
    try {
      return await inStageSpan(about, delivery.headers, async () => {
        const { job: whole, blobs } = await this.options.envelopes.unseal(job, delivery.headers);
        const done = await this.handle(whole, lane);
        release();
        return this.handOn(holder, done, blobs);
      });
    } catch (error) {
      release();
      return this.failed(holder.delivery, job, asMienError(error));
    }
  }

  private async handle(job: Job, lane: LaneName): Promise<Job> {
    const { stage, handler, envelopes, metrics, going } = this.options;
    await envelopes.load(job, stage);
    const abort = new AbortController();
    let onGoing = () => {};
    const gone = new Promise<never>((_, reject) => {
      onGoing = () => {
        abort.abort(going.reason);
        reject(going.reason);
      };
    });
    going.addEventListener('abort', onGoing, { once: true });
    const timer =
      job.deadline === undefined
        ? undefined
        : setTimeout(
            () => abort.abort(deadlinePassed()),
            Math.min(job.deadline.getTime() - Date.now(), 2 ** 31 - 1),
          );
    const started = performance.now();
    try {
      return await Promise.race([handler(job, { signal: abort.signal }), gone]);
    } finally {
      clearTimeout(timer);
      going.removeEventListener('abort', onGoing);
      metrics.processDuration.record((performance.now() - started) / 1000, { stage, lane });
    }
  }

  private async handOn(holder: Holder, done: Job, blobs: readonly BlobRef[]): Promise<Outcome> {
    const { bus, envelopes, disposal } = this.options;
    const job = { ...done, itinerary: done.itinerary.slice(1) };
    const [next] = job.itinerary;
    if (next === undefined) {
      const send = await prepareAnswer(bus, envelopes, job);
      send();
    } else {
      await queueFor(bus, envelopes, stageNamed(next), job);
    }
    holder.delivery.ack();
    holder.settled();
    const kept = new Set(cropBlobs(job).map((ref) => ref.key));
    disposal.later(blobs.filter((ref) => !kept.has(ref.key)));
    return next === undefined ? 'answered' : 'forwarded';
  }

  private failed(delivery: Delivery, job: Job, error: MienError): Promise<Outcome> {
    if (isExpired(job)) {
      return this.fail(delivery, job, deadlinePassed(), 'expired');
    }
    if (error.reason === 'SHUTTING_DOWN' && !this.isLast(delivery)) {
      return Promise.resolve(this.handBack(delivery));
    }
    if (!mayPass(error.reason)) {
      return this.fail(delivery, job, error, 'failed');
    }
    const delay = this.retryDelay(delivery, job);
    if (delay === undefined) {
      return this.die(delivery, job, error, 'dead');
    }
    const { logger, stage } = this.options;
    logger.warn(
      { err: error, stage, job: job.id, delivery: delivery.deliveries },
      'a job failed and is tried again',
    );
    delivery.nak(delay);
    return Promise.resolve('retried');
  }

  /** Undefined when there is no further attempt, or none before the job's deadline. */
  private retryDelay(delivery: Delivery, job: Job): number | undefined {
    const { backoffMs } = STAGE_CATALOG[this.options.stage];
    const delay = backoffMs[Math.min(delivery.deliveries, backoffMs.length) - 1] ?? 0;
    const deadline = job.deadline?.getTime() ?? Number.POSITIVE_INFINITY;
    return this.isLast(delivery) || Date.now() + delay >= deadline ? undefined : delay;
  }

  private isLast(delivery: Delivery): boolean {
    return delivery.deliveries >= STAGE_CATALOG[this.options.stage].maxDeliver;
  }

  private handBack(delivery: Delivery): Outcome {
    delivery.nak(0);
    return 'handed_back';
  }

  /** The job as a whole can't be answered, and no other attempt would change that. */
  private async fail(delivery: Delivery, job: Job, error: MienError, outcome: Outcome): Promise<Outcome> {
    const { bus, envelopes, stage } = this.options;
    await answerFailed(bus, envelopes, job, error, stage);
    delivery.ack();
    return outcome;
  }

  private async die(
    delivery: Delivery,
    job: Job | undefined,
    error: MienError,
    outcome: Outcome,
  ): Promise<Outcome> {
    const { bus, envelopes, stage, metrics, logger } = this.options;
    const { subject, data, headers, sequence, deliveries } = delivery;
    await bury(bus, { stage, subject, data, headers, sequence, deliveries }, error);
    metrics.deadLetters.add(1, { stage, cause: outcome });
    logger.error({ err: error, stage, job: job?.id, deliveries }, 'a job is dead');
    if (job !== undefined) {
      await answerFailed(bus, envelopes, job, stageFailed(stage, error), stage);
    }
    delivery.term();
    return outcome;
  }
}
