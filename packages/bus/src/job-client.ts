import { randomUUID } from 'node:crypto';
import { fromProblem, MienError } from '@mien/errors';
import type { BlobRef, Job } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { JetStreamApiError } from '@nats-io/jetstream';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { queueFor } from './answers';
import { type StageName, stageNamed } from './catalog';
import type { Bus } from './connection';
import { Envelopes, openJob } from './envelope';
import { laneOf, replySubject, workSubject } from './subjects';
import type { LineMetrics } from './telemetry/metrics';
import { inSendSpan } from './telemetry/tracing';

export interface JobClientOptions {
  readonly bus: Bus;
  readonly store: ObjectStore;
  readonly blobRetentionSeconds: number;
  readonly metrics: LineMetrics;
  readonly logger: Logger;
}

/** What the caller decides about a job; the client fills in the rest. */
export type NewJob = Pick<Job, 'lane' | 'itinerary' | 'options' | 'photos'> &
  Partial<Pick<Job, 'submission'>>;

interface Waiting {
  readonly resolve: (job: Job) => void;
  readonly reject: (error: unknown) => void;
}

/** JetStream error code for a stream that is full and refuses new messages (JSStreamStoreFailedF). */
const STREAM_FULL = 10_077;

/** Puts jobs on the line and waits for their answers. */
export class JobClient {
  private readonly id = randomUUID();
  private readonly waiting = new Map<string, Waiting>();
  private readonly envelopes: Envelopes;
  private readonly subscription: Subscription;
  private closed = false;

  constructor(private readonly options: JobClientOptions) {
    this.envelopes = new Envelopes(options.bus, options.store, options.blobRetentionSeconds);
    this.subscription = options.bus.nc.subscribe(replySubject(options.bus.name, this.id, '*'), {
      callback: (error, msg) => void this.hear(error, msg),
    });
  }

  /** Jobs that wait for their answer. */
  get inFlight(): number {
    return this.waiting.size;
  }

  /**
   * Runs a job through its itinerary and gives it back with every stage's answers. Settles exactly once. Throws
   * what the line says is wrong with the job as a whole, DEADLINE_EXCEEDED, BUS_UNAVAILABLE, OVERLOADED when the
   * first queue is full, SHUTTING_DOWN; and the signal's reason when it aborts.
   */
  async submit(work: NewJob, limits: { deadlineMs: number; signal?: AbortSignal }): Promise<Job> {
    const started = performance.now();
    const [stage] = work.itinerary;
    const record = (outcome: string) =>
      this.options.metrics.clientDuration.record((performance.now() - started) / 1000, { outcome });
    try {
      const job = await this.run(stageNamed(stage), work, limits);
      record('ok');
      return job;
    } catch (error) {
      record(error instanceof MienError ? error.reason : 'CANCELLED');
      throw error;
    }
  }

  /** Takes no more jobs and lets go of those that wait: they get SHUTTING_DOWN. */
  close(): void {
    this.closed = true;
    for (const { reject } of this.waiting.values()) {
      reject(new MienError('SHUTTING_DOWN', 'the service is going down'));
    }
    if (!this.subscription.isClosed()) {
      this.subscription.unsubscribe();
    }
  }

  private run(
    stage: StageName,
    work: NewJob,
    limits: { deadlineMs: number; signal?: AbortSignal },
  ): Promise<Job> {
    if (this.closed) {
      return Promise.reject(new MienError('SHUTTING_DOWN', 'the service is going down'));
    }
    if (!this.options.bus.connected) {
      return Promise.reject(new MienError('BUS_UNAVAILABLE', 'the message bus can not be reached'));
    }
    const id = randomUUID();
    const job: Job = {
      ...work,
      submission: work.submission,
      id,
      deadline: new Date(Date.now() + limits.deadlineMs),
      replyTo: replySubject(this.options.bus.name, this.id, id),
      similarity: undefined,
      library: undefined,
      problem: undefined,
      enqueuedAt: undefined,
      calibration: undefined,
    };
    const about = { subject: workSubject(stage, laneOf(job.lane)), stage, lane: laneOf(job.lane), job };
    return new Promise<Job>((resolve, reject) => {
      const finish = this.await(id, { resolve, reject }, limits);
      inSendSpan(about, () => queueFor(this.options.bus, this.envelopes, stage, job)).catch(
        (error: unknown) => finish.reject(unsent(error)),
      );
    });
  }

  /** Registers a waiting job; the first to settle it also forgets it. */
  private await(id: string, outer: Waiting, limits: { deadlineMs: number; signal?: AbortSignal }): Waiting {
    const onAbort = () => inner.reject(limits.signal?.reason);
    const timer = setTimeout(
      () => inner.reject(new MienError('DEADLINE_EXCEEDED', 'the answer did not come in time')),
      limits.deadlineMs,
    );
    const forget = () => {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', onAbort);
      return this.waiting.delete(id);
    };
    const inner: Waiting = {
      resolve: (job) => forget() && outer.resolve(job),
      reject: (error) => forget() && outer.reject(error),
    };
    this.waiting.set(id, inner);
    limits.signal?.addEventListener('abort', onAbort, { once: true });
    if (limits.signal?.aborted === true) {
      onAbort();
    }
    return inner;
  }

  private async hear(error: Error | null, msg: Msg): Promise<void> {
    if (error !== null) {
      this.options.logger.error({ err: error }, 'the NATS server refuses our reply subscription');
      return;
    }
    const waiting = this.waiting.get(msg.subject.slice(msg.subject.lastIndexOf('.') + 1));
    if (waiting === undefined) {
      return; // answered already, or given up
    }
    try {
      const { job, blobs } = await this.envelopes.unseal(openJob(msg.data), msg.headers);
      await this.discard(blobs);
      if (job.problem === undefined) {
        waiting.resolve(job);
      } else {
        waiting.reject(fromProblem(job.problem));
      }
    } catch (unreadable) {
      waiting.reject(unreadable);
    }
  }

  /** A reply has one reader. */
  private async discard(blobs: readonly BlobRef[]): Promise<void> {
    const { store, logger } = this.options;
    try {
      await Promise.all(blobs.map((ref) => store.delete(ref)));
    } catch (error) {
      logger.warn({ err: error }, 'a reply could not be deleted');
    }
  }
}

function unsent(error: unknown): MienError {
  if (error instanceof MienError) {
    return error;
  }
  if (error instanceof JetStreamApiError && error.code === STREAM_FULL) {
    return new MienError('OVERLOADED', 'the queue is full', { cause: error });
  }
  return new MienError('BUS_UNAVAILABLE', 'the message bus did not take the job', { cause: error });
}
