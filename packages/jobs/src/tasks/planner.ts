import { type Delivery, JOBS_STREAM, onBus, PLANNER_CONSUMER, Puller } from '@mien/bus';
import { type JobRecord, JobState, JobTask } from '@mien/proto';
import type { Logger } from 'pino';
import { readableRecord } from '../finished';
import type { JobStore } from '../job-store';
import { hasBit } from '../records/bits';
import { brokenOff, isFinal } from '../records/states';
import { taskSubject } from './subjects';

export interface PlannerOptions {
  readonly jobs: JobStore;
  readonly logger: Logger;
}

/** Records dealt with at once. */
const AT_ONCE = 8;
/** Tasks whose acknowledgements are waited for together. */
const PUBLISHED_AT_ONCE = 100;
const RETRY_MS = 1_000;
/**
 * A record waits so long before it is looked at again; one of an older job for half of the job's age. Nothing but the
 * deadline depends on it, but a server that was killed may hold on to records that were replaced meanwhile, and lets go
 * of them only when their wait is over.
 */
const SHORTEST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Follows the records: queues the tasks of each new job, and fails those that are not done by their deadline. A record
 * stays with the planner until its job has ended or changed. Any number of processes share the work.
 */
export class JobPlanner {
  private readonly puller: Puller;
  private readonly busy = new Set<Promise<void>>();

  constructor(private readonly options: PlannerOptions) {
    const { bus } = options.jobs;
    this.puller = new Puller({
      bus,
      logger: options.logger,
      stream: JOBS_STREAM,
      consumer: PLANNER_CONSUMER,
      want: () => AT_ONCE - this.busy.size,
      deliver: (delivery) => this.receive(delivery),
    });
  }

  async drain(): Promise<void> {
    await this.puller.drain();
    await Promise.all(this.busy);
  }

  private receive(delivery: Delivery): void {
    const work = this.dealWith(delivery).finally(() => {
      this.busy.delete(work);
      this.puller.pump();
    });
    this.busy.add(work);
  }

  private async dealWith(delivery: Delivery): Promise<void> {
    const told = readableRecord(delivery.data);
    if (told === undefined) {
      // Deleted, or nothing that an attempt would change: the record itself stays where it is.
      delivery.term();
      return;
    }
    try {
      const waitMs = await this.plan(told);
      if (waitMs > 0) {
        delivery.nak(Math.min(waitMs, nextLookMs(told)));
      } else {
        delivery.ack();
      }
    } catch (error) {
      this.options.logger.warn({ err: error }, 'a job could not be planned yet');
      if (this.options.jobs.bus.connected) {
        delivery.nak(RETRY_MS);
      }
    }
  }

  /** How long until the job has to be looked at again; 0 when it has ended. */
  private async plan(told: JobRecord): Promise<number> {
    const { files } = this.options.jobs;
    const record = (await files.find(told.id)) ?? told;
    if (isFinal(record.state)) {
      return 0;
    }
    const progress = await files.progress(record.id);
    if (progress.end !== undefined) {
      await files.copyEnd(record.id, progress);
      return 0;
    }
    const leftMs = (record.deadline?.getTime() ?? 0) - Date.now();
    if (leftMs <= 0) {
      const failure = { reason: 'DEADLINE_EXCEEDED', message: 'the job was not done by its deadline' };
      await files.breakOff(record.id, (before) => brokenOff(before, JobState.JOB_STATE_FAILED, failure));
      return 0;
    }
    if (!progress.planned) {
      await this.queueTasks(record, progress.answered);
      await files.setPlanned(record);
    }
    return leftMs;
  }

  /** Those of a job that is driven again leave out what is answered. */
  private async queueTasks(record: JobRecord, answered: Uint8Array): Promise<void> {
    const subject = taskSubject(record);
    const { js } = this.options.jobs.bus;
    const open = Array.from({ length: record.tasks }, (_, at) => at).filter((at) => !hasBit(answered, at));
    for (let from = 0; from < open.length; from += PUBLISHED_AT_ONCE) {
      const published = open.slice(from, from + PUBLISHED_AT_ONCE).map((index) =>
        js.publish(subject, JobTask.encode({ jobId: record.id, index }).finish(), {
          msgID: `${record.id}.${record.attempt}.${index}`,
        }),
      );
      await onBus(() => Promise.all(published));
    }
  }
}

function nextLookMs({ createdAt }: JobRecord): number {
  const ageMs = Date.now() - (createdAt?.getTime() ?? 0);
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, ageMs / 2));
}
