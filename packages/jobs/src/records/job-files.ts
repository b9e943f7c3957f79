import { type Bus, JOBS_BUCKET, RESULTS_BUCKET, Shelf } from '@mien/bus';
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
import { hasBit, withBit, without } from './bits';
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

  async setPlanned(record: JobRecord): Promise<void> {
    await this.changeProgress(record, (progress) => ({ ...progress, planned: true }));
  }

  async setPercent(record: JobRecord, percent: number): Promise<void> {
    await this.changeProgress(record, (progress) => ({ ...progress, percent }));
  }

  /**
   * Keeps what came of a task, unless it is answered already, and ends the job with its last one. Any part of it may be
   * repeated: the result that was there first is the one that counts.
   */
  async answer(record: JobRecord, result: JobResult): Promise<void> {
    const { index } = result;
    const kept = await this.keepResult(record, result);
    await this.endWith(record, (before) => {
      if (hasBit(before.answered, index)) {
        return before;
      }
      const { [index]: _, ...faults } = before.faults;
      const after = {
        ...before,
        faults,
        answered: withBit(before.answered, index),
        failed: kept.result?.$case === 'refusal' ? withBit(before.failed, index) : before.failed,
        givenUp: kept.gaveUp ? withBit(before.givenUp, index) : before.givenUp,
      };
      return isComplete(after, record.tasks) ? { ...after, end: endOf(after) } : after;
    });
  }

  /** Counts a fault of the platform at a task and gives how many there were in this attempt. */
  async countFault(record: JobRecord, index: number): Promise<number> {
    const { faults } = await this.changeProgress(record, (before) => ({
      ...before,
      faults: { ...before.faults, [index]: (before.faults[index] ?? 0) + 1 },
    }));
    return faults[index] ?? 0;
  }

  /** Ends a job now, unless its end is decided. Gives the record as it is then. Throws JOB_NOT_FOUND. */
  async breakOff(id: string, decide: (progress: JobProgress) => JobEnd): Promise<JobRecord> {
    const record = await this.record(id);
    if (!isFinal(record.state)) {
      await this.endWith(record, (before) => ({ ...before, end: decide(before) }));
    }
    return this.record(id);
  }

  /** Brings the record to the end that was decided: whoever decided it may have died before. */
  async copyEnd(id: string, { end, attempt }: JobProgress): Promise<void> {
    if (end !== undefined) {
      await this.records.change(recordKey(id), (record) =>
        record === undefined || isFinal(record.state) || record.attempt !== attemptOf(attempt)
          ? undefined
          : ended(record, end),
      );
    }
  }

  /** Puts a dead job back to the start, its good answers kept. Throws JOB_NOT_FOUND, JOB_ENDED unless it is dead. */
  async revive(id: string, deadline: Date): Promise<JobRecord> {
    const dead = await this.record(id);
    if (dead.state !== JobState.JOB_STATE_DEAD) {
      throw new MienError('JOB_ENDED', 'only dead jobs can be driven again', { metadata: { jobId: id } });
    }
    // Whoever did this and died before the next step left a dead job without an end: that is no obstacle.
    await this.progresses.change(progressKey(id), (before) =>
      before?.end !== undefined && attemptOf(before.attempt) === dead.attempt
        ? revived(before, dead.attempt + 1)
        : undefined,
    );
    const record = await this.records.change(recordKey(id), (before) =>
      before?.state === JobState.JOB_STATE_DEAD && before.attempt === dead.attempt
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

  /** Changes the progress, and brings the job to its end if that decides it. */
  private async endWith(record: JobRecord, next: (before: JobProgress) => JobProgress): Promise<void> {
    await this.copyEnd(record.id, await this.changeProgress(record, next));
  }

  /** Changes the progress of a job whose end is not decided, unless it was driven again since. */
  private async changeProgress(
    { id, attempt }: JobRecord,
    next: (before: JobProgress) => JobProgress,
  ): Promise<JobProgress> {
    const progress = await this.progresses.change(progressKey(id), (before) => {
      const known = before ?? JobProgress.fromPartial({});
      if (known.end !== undefined || attemptOf(known.attempt) !== attempt) {
        return undefined;
      }
      const after = next(known);
      return after === known ? undefined : after;
    });
    return progress ?? JobProgress.fromPartial({});
  }

  /** The result that counts: this one, unless one of the same attempt is there. */
  private async keepResult(record: JobRecord, result: JobResult): Promise<JobResult> {
    const key = resultKey(record.id, result.index);
    const mine = await this.packed(record, result);
    if (await this.stored.create(key, mine)) {
      return result;
    }
    const kept = await this.stored.change(key, (before) =>
      before !== undefined && attemptOf(before.attempt) >= record.attempt ? undefined : mine,
    );
    return (await this.unpacked(kept)) ?? result;
  }

  private async packed({ attempt }: JobRecord, result: JobResult): Promise<StoredJobResult> {
    const bytes = JobResultCodec.encode(result).finish();
    if (bytes.byteLength <= MAX_INLINE_BYTES) {
      return { attempt, stored: { $case: 'result', value: result } };
    }
    const { retentionSeconds } = this;
    const value = await this.store.put(bytes, { prefix: 'job-results', retentionSeconds, durable: true });
    return { attempt, stored: { $case: 'blob', value } };
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

/** Of records that do not tell, the first. */
function attemptOf(attempt: number): number {
  return Math.max(1, attempt);
}

function revived(before: JobProgress, attempt: number): JobProgress {
  return {
    ...before,
    attempt,
    faults: {},
    answered: without(before.answered, before.givenUp),
    failed: without(before.failed, before.givenUp),
    givenUp: Buffer.alloc(0),
    planned: false,
    percent: 0,
    end: undefined,
  };
}
