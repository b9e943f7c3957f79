import type { Bus } from '@mien/bus';
import { MienError } from '@mien/errors';
import {
  type JobEnd,
  JobProgress,
  JobRecord,
  type JobResult,
  JobResult as JobResultCodec,
  JobState,
  StoredJobResult,
} from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { type KV, Kvm } from '@nats-io/kv';
import { JOBS_BUCKET, RESULTS_BUCKET } from '../streams';
import { hasBit, withBit, without } from './bits';
import { Shelf } from './bucket';
import { idOfKey, isJobId, progressKey, recordKey, recordKeysOfDay } from './job-id';
import { ended, endOf, isFinal } from './states';

/** Beyond this a result goes by way of the object store: messages of 1 MiB have to do. */
const MAX_INLINE_BYTES = 524_288;

/** Records, progress and results of jobs, and the few changes that they may go through. */
export class JobFiles {
  private constructor(
    /** The bucket of records and progress. */
    readonly bucket: KV,
    private readonly records: Shelf<JobRecord>,
    private readonly progresses: Shelf<JobProgress>,
    private readonly stored: Shelf<StoredJobResult>,
    private readonly store: ObjectStore,
    private readonly retentionSeconds: number,
  ) {}

  /** The buckets have to be there. */
  static async open(bus: Bus, store: ObjectStore, retentionSeconds: number): Promise<JobFiles> {
    const kvm = new Kvm(bus.js);
    const bucket = await kvm.open(JOBS_BUCKET);
    const results = await kvm.open(RESULTS_BUCKET);
    return new JobFiles(
      bucket,
      new Shelf(bucket, JobRecord),
      new Shelf(bucket, JobProgress),
      new Shelf(results, StoredJobResult),
      store,
      retentionSeconds,
    );
  }

  async find(id: string): Promise<JobRecord | undefined> {
    return isJobId(id) ? this.records.read(recordKey(id)) : undefined;
  }

  /** Throws JOB_NOT_FOUND. */
  async record(id: string): Promise<JobRecord> {
    const found = await this.find(id);
    if (found === undefined) {
      throw new MienError('JOB_NOT_FOUND', 'there is no job of the id, or it expired', {
        metadata: { jobId: id },
      });
    }
    return found;
  }

  async progress(id: string): Promise<JobProgress> {
    return (await this.progresses.read(progressKey(id))) ?? JobProgress.fromPartial({});
  }

  /** The commit of a submission; false when the job is there already. */
  createRecord(record: JobRecord): Promise<boolean> {
    return this.records.create(recordKey(record.id), record);
  }

  /** Ids of the jobs of a day, the newest first. */
  async idsOfDay(day: string): Promise<string[]> {
    const keys = await this.records.keys(recordKeysOfDay(day));
    return keys.map(idOfKey).sort().reverse();
  }

  /** From queued to running, once. */
  async begin(id: string): Promise<JobRecord | undefined> {
    return this.records.change(recordKey(id), (record) =>
      record?.state === JobState.JOB_STATE_QUEUED
        ? { ...record, state: JobState.JOB_STATE_RUNNING, startedAt: record.startedAt ?? new Date() }
        : undefined,
    );
  }

  async setPlanned(id: string): Promise<void> {
    await this.changeProgress(id, (progress) => ({ ...progress, planned: true }));
  }

  async setPercent(id: string, percent: number): Promise<void> {
    await this.changeProgress(id, (progress) => ({ ...progress, percent }));
  }

  /**
   * Keeps what came of a task, unless it is answered already, and ends the job with its last one. Any part of it may be
   * repeated.
   */
  async answer(record: JobRecord, result: JobResult): Promise<void> {
    const { id, tasks } = record;
    await this.stored.create(resultKey(id, result.index), await this.packed(result));
    const failed = result.result?.$case === 'refusal';
    const progress = await this.changeProgress(id, (before) => {
      const after = {
        ...before,
        answered: withBit(before.answered, result.index),
        failed: failed ? withBit(before.failed, result.index) : before.failed,
        givenUp: result.gaveUp ? withBit(before.givenUp, result.index) : before.givenUp,
      };
      return isComplete(after, tasks) ? { ...after, end: endOf(after) } : after;
    });
    await this.copyEnd(id, progress);
  }

  /** Ends a job now, unless its end is decided. Gives the record as it is then. Throws JOB_NOT_FOUND. */
  async breakOff(id: string, decide: (progress: JobProgress) => JobEnd): Promise<JobRecord> {
    await this.record(id);
    const progress = await this.changeProgress(id, (before) => ({ ...before, end: decide(before) }));
    await this.copyEnd(id, progress);
    return this.record(id);
  }

  /** Brings the record to the end that was decided: whoever decided it may have died before. */
  async copyEnd(id: string, { end }: JobProgress): Promise<void> {
    if (end !== undefined) {
      await this.records.change(recordKey(id), (record) =>
        record === undefined || isFinal(record.state) ? undefined : ended(record, end),
      );
    }
  }

  /** Puts a dead job back to the start, its good answers kept. Throws JOB_NOT_FOUND, JOB_ENDED unless it is dead. */
  async revive(id: string, deadline: Date): Promise<JobRecord> {
    const dead = await this.record(id);
    if (dead.state !== JobState.JOB_STATE_DEAD) {
      throw new MienError('JOB_ENDED', 'only dead jobs can be driven again', { metadata: { jobId: id } });
    }
    const progress = await this.progresses.change(progressKey(id), (before) =>
      before === undefined ? undefined : revived(before),
    );
    await this.dropUnanswered(id, progress ?? JobProgress.fromPartial({}));
    const record = await this.records.change(recordKey(id), (before) =>
      before?.state === JobState.JOB_STATE_DEAD
        ? {
            ...before,
            state: JobState.JOB_STATE_QUEUED,
            attempt: before.attempt + 1,
            end: undefined,
            endedAt: undefined,
            deadline,
          }
        : undefined,
    );
    return record ?? dead;
  }

  /** The results at these places that are there. */
  async results(id: string, indices: readonly number[]): Promise<JobResult[]> {
    const found = await Promise.all(indices.map((index) => this.stored.read(resultKey(id, index))));
    const unpacked = await Promise.all(found.map((one) => this.unpacked(one)));
    return unpacked.filter((result) => result !== undefined);
  }

  /** Changes the progress of a job whose end is not decided. */
  private async changeProgress(id: string, next: (before: JobProgress) => JobProgress): Promise<JobProgress> {
    const progress = await this.progresses.change(progressKey(id), (before) => {
      const known = before ?? JobProgress.fromPartial({});
      return known.end === undefined ? next(known) : undefined;
    });
    return progress ?? JobProgress.fromPartial({});
  }

  private async dropUnanswered(id: string, { answered }: JobProgress): Promise<void> {
    for (const key of await this.stored.keys(`${id}.*`)) {
      if (!hasBit(answered, Number(idOfKey(key)))) {
        await this.stored.remove(key);
      }
    }
  }

  private async packed(result: JobResult): Promise<StoredJobResult> {
    const bytes = JobResultCodec.encode(result).finish();
    if (bytes.byteLength <= MAX_INLINE_BYTES) {
      return { stored: { $case: 'result', value: result } };
    }
    const { retentionSeconds } = this;
    const value = await this.store.put(bytes, { prefix: 'job-results', retentionSeconds, durable: true });
    return { stored: { $case: 'blob', value } };
  }

  private async unpacked(found: StoredJobResult | undefined): Promise<JobResult | undefined> {
    const stored = found?.stored;
    return stored?.$case === 'blob'
      ? JobResultCodec.decode(await this.store.get(stored.value))
      : stored?.value;
  }
}

function resultKey(id: string, index: number): string {
  return `${id}.${index}`;
}

function isComplete({ answered }: JobProgress, tasks: number): boolean {
  for (let index = 0; index < tasks; index++) {
    if (!hasBit(answered, index)) {
      return false;
    }
  }
  return true;
}

function revived(before: JobProgress): JobProgress {
  return {
    ...before,
    answered: without(before.answered, before.givenUp),
    failed: without(before.failed, before.givenUp),
    givenUp: Buffer.alloc(0),
    planned: false,
    percent: 0,
    end: undefined,
  };
}
