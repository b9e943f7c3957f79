import type { Delivery } from '@mien/bus';
import { asMienError, MienError, type Reason } from '@mien/errors';
import { type JobRecord, type JobResult, JobSpec, JobState, JobTask } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import type { Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { JobStore } from '../job-store';
import { hasBit } from '../records/bits';
import { isJobId } from '../records/job-id';
import { brokenOff, isFinal } from '../records/states';
import { CANCELLED_SUBJECT } from './subjects';
import { TASK_ACK_WAIT_MS, TaskQueue } from './task-queue';

/** A task as the executor gets it. */
export interface TaskWork {
  readonly record: JobRecord;
  readonly spec: JobSpec;
  /** Of the photo; 0 of work that is one task. */
  readonly index: number;
  /** Aborts when the job was cancelled (JOB_ENDED), its deadline passed, or this process goes down (SHUTTING_DOWN). */
  readonly signal: AbortSignal;
  /** Tells how far a long task is, 0..100. */
  progress(percent: number): void;
}

/** Does one task. What it throws is what is wrong with the photo, or passes, or is a fault. */
export type TaskExecutor = (work: TaskWork) => Promise<JobResult['result']>;

export interface RunnerOptions {
  readonly jobs: JobStore;
  readonly store: ObjectStore;
  readonly execute: TaskExecutor;
  /** Tasks under way in this process. */
  readonly concurrency: number;
  /** Resolves when another task may be begun; at once unless given. */
  readonly mayBegin?: () => Promise<void>;
  readonly logger: Logger;
}

/** What passes by itself: tried again until the job's deadline. */
const OUTAGES: ReadonlySet<Reason> = new Set<Reason>([
  'BUS_UNAVAILABLE',
  'LIBRARY_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'VECTOR_INDEX_UNAVAILABLE',
  'OBJECT_STORE_UNAVAILABLE',
  'SHUTTING_DOWN',
  'OVERLOADED',
  'CONFLICT',
  'BLOB_NOT_RESERVED',
  'DEADLINE_EXCEEDED',
]);
/** Faults of the platform: tried this often, then given up. */
const FAULTS: ReadonlySet<Reason> = new Set<Reason>([
  'INTERNAL',
  'STAGE_FAILED',
  'BLOB_LOST',
  'RECORD_UNREADABLE',
  'MODEL_PACK_INVALID',
  'CONFIGURATION_INVALID',
]);
const MAX_FAULTS = 4;
/** Deliveries beyond which a task that fails or takes its runners along is given up whatever it died of. */
const MAX_DELIVERIES = 40;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 15_000;
const SPECS_KEPT = 16;
const PROGRESS_MS = 1_000;

interface Running {
  readonly jobId: string;
  readonly delivery: Delivery;
  readonly abort: AbortController;
}

/** Takes tasks in fair turns and has them done. A process that dies leaves its tasks to the others. */
export class JobRunner {
  private readonly running = new Set<Running>();
  private readonly queue: TaskQueue;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly cancelled: Subscription;
  private readonly specs = new Map<string, Promise<JobSpec>>();
  private readonly faults = new Map<string, number>();
  private taking = false;
  private again = false;
  private stopped = false;
  private emptied: () => void = () => undefined;

  constructor(private readonly options: RunnerOptions) {
    const { bus } = options.jobs;
    this.queue = new TaskQueue(bus, options.logger, () => void this.fill());
    this.heartbeat = setInterval(() => this.beat(), TASK_ACK_WAIT_MS / 3);
    this.cancelled = bus.nc.subscribe(CANCELLED_SUBJECT, {
      callback: (_, msg) => this.abortJob(msg.string()),
    });
  }

  /** Takes no more; what is under way is finished, or handed back after the limit. */
  async drain(limitMs: number): Promise<void> {
    this.stopped = true;
    this.queue.close();
    const limit = setTimeout(() => {
      for (const { abort } of this.running) {
        abort.abort(new MienError('SHUTTING_DOWN', 'the gateway is going down'));
      }
    }, limitMs);
    await new Promise<void>((resolve) => {
      this.emptied = () => this.running.size === 0 && !this.taking && resolve();
      this.emptied();
    });
    clearTimeout(limit);
    clearInterval(this.heartbeat);
    if (!this.cancelled.isClosed()) {
      this.cancelled.unsubscribe();
    }
  }

  /** Takes tasks while there is room; one turn at a time. */
  private async fill(): Promise<void> {
    this.again = true;
    if (this.taking) {
      return;
    }
    this.taking = true;
    try {
      while (this.again) {
        this.again = false;
        await this.takeWhatFits();
      }
    } finally {
      this.taking = false;
      this.emptied();
    }
  }

  private async takeWhatFits(): Promise<void> {
    const { concurrency, mayBegin } = this.options;
    while (!this.stopped && this.running.size < concurrency) {
      await mayBegin?.();
      const delivery = this.stopped ? undefined : await this.queue.next();
      if (delivery === undefined) {
        return;
      }
      void this.run(delivery);
    }
  }

  private async run(delivery: Delivery): Promise<void> {
    const task = readable(delivery.data);
    if (task === undefined) {
      this.options.logger.error({ bytes: delivery.data.length }, 'a task that can not be read is dropped');
      delivery.term();
      void this.fill();
      return;
    }
    const { jobId, index } = task;
    const running: Running = { jobId, delivery, abort: new AbortController() };
    this.running.add(running);
    try {
      await this.work(running, index);
      delivery.ack();
      this.faults.delete(taskName(jobId, index));
    } catch (error) {
      this.options.logger.warn(
        { err: error, job: jobId, index, deliveries: delivery.deliveries },
        'a task of a job is tried again',
      );
      if (this.options.jobs.bus.connected) {
        delivery.nak(backoff(delivery.deliveries, asMienError(error)));
      }
    } finally {
      this.running.delete(running);
      void this.fill();
    }
  }

  /** Does the task and keeps its answer. Throws what passes. */
  private async work(running: Running, index: number): Promise<void> {
    const { files } = this.options.jobs;
    const { jobId, delivery } = running;
    const record = await files.find(jobId);
    if (record === undefined || isFinal(record.state)) {
      return;
    }
    const progress = await files.progress(jobId);
    if (progress.end !== undefined || hasBit(progress.answered, index)) {
      await files.copyEnd(jobId, progress);
      return;
    }
    if (record.state === JobState.JOB_STATE_QUEUED) {
      await files.begin(jobId);
    }
    const result = await this.resultOf(record, index, running, delivery);
    if (result !== undefined) {
      await files.answer(record, result);
    }
  }

  /** Undefined when the job has ended meanwhile. */
  private async resultOf(
    record: JobRecord,
    index: number,
    { abort }: Running,
    delivery: Delivery,
  ): Promise<JobResult | undefined> {
    const timer = setTimeout(
      () => abort.abort(new MienError('DEADLINE_EXCEEDED', 'the job was not done by its deadline')),
      Math.max(0, Math.min((record.deadline?.getTime() ?? 0) - Date.now(), 2 ** 31 - 1)),
    );
    try {
      const spec = await this.specOf(record);
      const name = spec.request?.photos[index]?.name ?? '';
      const told = { index, name, gaveUp: false };
      try {
        const progress = throttled((percent) => void this.tellPercent(record.id, percent));
        const result = await this.options.execute({ record, spec, index, signal: abort.signal, progress });
        return { ...told, result };
      } catch (error) {
        return this.refused(record, told, asMienError(error), delivery, abort.signal);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The refusal that an error is to the photo. Throws the error when it may pass. */
  private async refused(
    record: JobRecord,
    told: { index: number; name: string; gaveUp: boolean },
    error: MienError,
    delivery: Delivery,
    signal: AbortSignal,
  ): Promise<JobResult | undefined> {
    if (signal.aborted) {
      const { reason } = asMienError(signal.reason);
      if (reason === 'DEADLINE_EXCEEDED') {
        const failure = { reason, message: 'the job was not done by its deadline' };
        await this.options.jobs.files.breakOff(record.id, (before) =>
          brokenOff(before, JobState.JOB_STATE_FAILED, failure),
        );
        return undefined;
      }
      if (reason === 'JOB_ENDED') {
        return undefined;
      }
      throw error;
    }
    const gaveUp = FAULTS.has(error.reason);
    const late = delivery.deliveries >= MAX_DELIVERIES;
    if (
      (OUTAGES.has(error.reason) && !late) ||
      (gaveUp && !late && this.mayTryAgain(record.id, told.index))
    ) {
      throw error;
    }
    const { reason, message } = error;
    const value = { reason, message };
    return { ...told, gaveUp: gaveUp || late, result: { $case: 'refusal', value } };
  }

  private mayTryAgain(jobId: string, index: number): boolean {
    const name = taskName(jobId, index);
    const count = (this.faults.get(name) ?? 0) + 1;
    this.faults.set(name, count);
    return count < MAX_FAULTS;
  }

  private specOf({ id, spec }: JobRecord): Promise<JobSpec> {
    const known = this.specs.get(id);
    if (known !== undefined) {
      return known;
    }
    const reading = this.options.store.get(spec ?? { key: '' }).then((bytes) => JobSpec.decode(bytes));
    this.specs.set(id, reading);
    reading.catch(() => this.specs.delete(id));
    for (const oldest of this.specs.keys()) {
      if (this.specs.size <= SPECS_KEPT) {
        break;
      }
      this.specs.delete(oldest);
    }
    return reading;
  }

  private async tellPercent(jobId: string, percent: number): Promise<void> {
    try {
      await this.options.jobs.files.setPercent(jobId, percent);
    } catch (error) {
      this.options.logger.debug({ err: error, job: jobId }, 'the progress of a job could not be kept');
    }
  }

  private abortJob(jobId: string): void {
    for (const running of this.running) {
      if (running.jobId === jobId) {
        running.abort.abort(new MienError('JOB_ENDED', 'the job was cancelled'));
      }
    }
  }

  private beat(): void {
    if (this.options.jobs.bus.connected) {
      for (const { delivery } of this.running) {
        delivery.working();
      }
    }
  }
}

/** No attempt would change that a message is no task. */
function readable(data: Uint8Array): JobTask | undefined {
  try {
    const task = JobTask.decode(data);
    return isJobId(task.jobId) ? task : undefined;
  } catch {
    return undefined;
  }
}

function taskName(jobId: string, index: number): string {
  return `${jobId}.${index}`;
}

function backoff(deliveries: number, error: MienError): number {
  return error.reason === 'SHUTTING_DOWN'
    ? 0
    : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(deliveries - 1, 8));
}

/** Calls at most once in a while. */
function throttled(tell: (percent: number) => void): (percent: number) => void {
  let last = 0;
  return (percent) => {
    if (Date.now() - last >= PROGRESS_MS) {
      last = Date.now();
      tell(percent);
    }
  };
}
