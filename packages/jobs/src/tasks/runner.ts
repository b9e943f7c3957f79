import { CANCELLED_SUBJECT, type Delivery } from '@mien/bus';
import { asMienError, MienError, type Reason } from '@mien/errors';
import { type JobRecord, type JobResult, JobSpec, JobState, JobTask } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import type { Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { JobStore } from '../job-store';
import { hasBit } from '../records/bits';
import { isJobId } from '../records/job-id';
import { brokenOff, isFinal } from '../records/states';
import { BEGUN_WITHIN_MS } from './subjects';
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
/** Times that the state of a job is asked for before a task, where the answers take too long. */
const LOOKS = 5;
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
    const { concurrency } = this.options;
    while (!this.stopped && this.running.size < concurrency) {
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
    const { jobId } = running;
    const record = await files.find(jobId);
    if (record === undefined || isFinal(record.state)) {
      return;
    }
    const spec = await this.specOf(record);
    if (record.state === JobState.JOB_STATE_QUEUED) {
      await files.begin(jobId);
    }
    if (!(await this.isOpen(record, index))) {
      return;
    }
    const result = await this.resultOf(record, spec, index, running.abort);
    if (result !== undefined) {
      await files.answer(record, result);
    }
  }

  /**
   * Whether the task is still to be done, as it was known so shortly ago that a cancellation meanwhile has not returned
   * yet. Throws OVERLOADED when it can't be known in time.
   */
  private async isOpen({ id }: JobRecord, index: number): Promise<boolean> {
    const { files } = this.options.jobs;
    for (let attempt = 0; attempt < LOOKS; attempt++) {
      const asked = performance.now();
      const progress = await files.progress(id);
      if (progress.end !== undefined || hasBit(progress.answered, index)) {
        await files.copyEnd(id, progress);
        return false;
      }
      if (performance.now() - asked < BEGUN_WITHIN_MS) {
        return true;
      }
    }
    throw new MienError('OVERLOADED', 'the bus is too slow to begin a task');
  }

  /** Undefined when the job has ended meanwhile. */
  private async resultOf(
    record: JobRecord,
    spec: JobSpec,
    index: number,
    abort: AbortController,
  ): Promise<JobResult | undefined> {
    const timer = setTimeout(
      () => abort.abort(new MienError('DEADLINE_EXCEEDED', 'the job was not done by its deadline')),
      Math.max(0, Math.min((record.deadline?.getTime() ?? 0) - Date.now(), 2 ** 31 - 1)),
    );
    const told = { index, name: spec.request?.photos[index]?.name ?? '', gaveUp: false };
    const progress = throttled((percent) => void this.tellPercent(record, percent));
    try {
      const result = await this.options.execute({ record, spec, index, signal: abort.signal, progress });
      return { ...told, result };
    } catch (error) {
      return await this.refused(record, told, asMienError(error), abort.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The refusal that an error is to the photo. Throws the error when it may pass. */
  private async refused(
    record: JobRecord,
    told: { index: number; name: string; gaveUp: boolean },
    error: MienError,
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
    if (OUTAGES.has(error.reason)) {
      throw error;
    }
    const isFault = FAULTS.has(error.reason);
    if (isFault && (await this.options.jobs.files.countFault(record, told.index)) < MAX_FAULTS) {
      throw error;
    }
    const { reason, message } = error;
    const value = { reason, message };
    return { ...told, gaveUp: isFault, result: { $case: 'refusal', value } };
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

  private async tellPercent(record: JobRecord, percent: number): Promise<void> {
    try {
      await this.options.jobs.files.setPercent(record, percent);
    } catch (error) {
      this.options.logger.debug({ err: error, job: record.id }, 'the progress of a job could not be kept');
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
