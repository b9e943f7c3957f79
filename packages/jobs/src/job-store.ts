import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Bus, CANCELLED_SUBJECT, IDEMPOTENCY_BUCKET, onBus, Shelf } from '@mien/bus';
import { MienError } from '@mien/errors';
import {
  BlobRef,
  type JobEnd,
  JobOwner,
  JobRecord,
  type JobResult,
  JobSpec,
  JobState,
  Priority,
  SubmitJobRequest,
  type SubmittedJob,
} from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { Kvm } from '@nats-io/kv';
import type { Logger } from 'pino';
import { PhotoStages } from './photo-stages';
import { hasBit } from './records/bits';
import { JobFiles } from './records/job-files';
import { daysBackwards, isJobId, newJobId, timeOf } from './records/job-id';
import { brokenOff, isFinal, submittedJob } from './records/states';
import { BEGUN_WITHIN_MS } from './tasks/subjects';
import { watchJob } from './watch';

export interface JobStoreOptions {
  readonly bus: Bus;
  readonly store: ObjectStore;
  readonly logger: Logger;
  /** How long jobs, their photos and their results are kept. */
  readonly retentionSeconds: number;
}

/** A job as it is handed in; the request was checked. */
export interface Submission {
  readonly request: SubmitJobRequest;
  readonly owner: JobOwner;
  readonly deadline: Date;
}

export interface JobQuery {
  /** Jobs of this key only; all when not given. */
  readonly keyId?: string;
  /** All when empty. */
  readonly states: readonly JobState[];
  readonly createdFrom?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly size: number;
  /** The page before's; empty for the first. */
  readonly cursor: string;
}

/** Photos stored at once while a job is handed in. */
const STORED_AT_ONCE = 8;
/** Records read at once for a list. */
const READ_AT_ONCE = 50;
const DAY_MS = 24 * 3_600_000;

/** Jobs as those who submit them see them. Every method throws BUS_UNAVAILABLE when JetStream does not answer. */
export class JobStore {
  private constructor(
    private readonly options: JobStoreOptions,
    /** For planner and runner. */
    readonly files: JobFiles,
    private readonly idempotency: Shelf<JobRecord>,
    private readonly stages: PhotoStages,
  ) {}

  /** The streams have to be there: see provisionJobs. */
  static async open(options: JobStoreOptions): Promise<JobStore> {
    const files = await JobFiles.open(options.bus, options.store, options.retentionSeconds);
    const keys = await new Kvm(options.bus.js).open(IDEMPOTENCY_BUCKET);
    return new JobStore(options, files, new Shelf(keys, JobRecord), new PhotoStages(options.bus));
  }

  get bus(): Bus {
    return this.options.bus;
  }

  /**
   * Hands a job in: when this returns the job survives. The same idempotency key of the same owner gives the same job.
   * Throws IDEMPOTENCY_KEY_REUSED, OBJECT_STORE_UNAVAILABLE.
   */
  async submit(submission: Submission): Promise<SubmittedJob> {
    const id = await this.idFor(submission);
    const before = await this.files.find(id);
    if (before !== undefined) {
      return this.shown(before);
    }
    const record = recordOf(id, submission, await this.keepSpec(submission.request), this.expiry());
    await this.files.createRecord(record);
    return this.get(id);
  }

  /** Throws JOB_NOT_FOUND. */
  async get(id: string): Promise<SubmittedJob> {
    return this.shown(await this.files.record(id));
  }

  /** The newest first. Throws CURSOR_INVALID. */
  async list(query: JobQuery): Promise<{ jobs: SubmittedJob[]; nextCursor: string }> {
    if (query.cursor !== '' && !isJobId(query.cursor)) {
      throw new MienError('CURSOR_INVALID', 'the cursor is not one of this list');
    }
    const records: JobRecord[] = [];
    for await (const record of this.matching(query)) {
      if (records.length === query.size) {
        return { jobs: await this.shownAll(records), nextCursor: records.at(-1)?.id ?? '' };
      }
      records.push(record);
    }
    return { jobs: await this.shownAll(records), nextCursor: '' };
  }

  /** What came of the tasks so far, in their order. Throws JOB_NOT_FOUND, CURSOR_INVALID. */
  async results(
    id: string,
    page: { readonly size: number; readonly cursor: string },
  ): Promise<{ results: JobResult[]; nextCursor: string }> {
    if (!/^\d{0,7}$/.test(page.cursor)) {
      throw new MienError('CURSOR_INVALID', 'the cursor is not one of this list');
    }
    const record = await this.files.record(id);
    const { answered } = await this.files.progress(id);
    const indices: number[] = [];
    let index = Number(page.cursor);
    for (; index < record.tasks && indices.length < page.size; index++) {
      if (hasBit(answered, index)) {
        indices.push(index);
      }
    }
    const nextCursor = index < record.tasks ? String(index) : '';
    return { results: await this.files.results(id, indices), nextCursor };
  }

  /** No task is begun after this returned; cancelled once more, a job stays so. Throws JOB_NOT_FOUND, JOB_ENDED. */
  async cancel(id: string): Promise<SubmittedJob> {
    const before = await this.files.record(id);
    if (isFinal(before.state) && before.state !== JobState.JOB_STATE_CANCELLED) {
      throw ended(id);
    }
    const after = await this.files.breakOff(id, (progress) =>
      brokenOff(progress, JobState.JOB_STATE_CANCELLED),
    );
    if (after.state !== JobState.JOB_STATE_CANCELLED) {
      throw ended(id);
    }
    this.options.bus.nc.publish(CANCELLED_SUBJECT, id);
    await setTimeout(BEGUN_WITHIN_MS);
    return this.shown(after);
  }

  /** The job now and after each change, until it has ended. Throws JOB_NOT_FOUND, or the signal's reason. */
  watch(id: string, signal: AbortSignal): AsyncGenerator<SubmittedJob, void, void> {
    const onChange = (ring: () => void) => this.stages.onChange(id, ring);
    return watchJob(this.files, id, () => this.get(id), onChange, signal);
  }

  /** Drives a dead job again: what was given up is done anew. Throws JOB_NOT_FOUND, JOB_ENDED. */
  async redrive(id: string, deadline: Date): Promise<SubmittedJob> {
    return this.shown(await this.files.revive(id, deadline));
  }

  private async *matching(query: JobQuery): AsyncGenerator<JobRecord, void, void> {
    const now = Date.now();
    const before = query.createdBefore?.getTime() ?? Number.POSITIVE_INFINITY;
    const from = Math.max(query.createdFrom?.getTime() ?? 0, now - this.retentionMs - DAY_MS);
    const newest = query.cursor === '' ? now + 1_000 : timeOf(query.cursor);
    for (const day of daysBackwards(from, Math.min(before, newest))) {
      const ids = (await this.files.idsOfDay(day)).filter(
        (id) => (query.cursor === '' || id < query.cursor) && timeOf(id) >= from && timeOf(id) < before,
      );
      for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
        const records = await Promise.all(ids.slice(at, at + READ_AT_ONCE).map((id) => this.files.find(id)));
        yield* records.filter((record) => record !== undefined).filter((record) => fits(record, query));
      }
    }
  }

  private async shown(record: JobRecord): Promise<SubmittedJob> {
    if (isFinal(record.state)) {
      this.stages.forget(record.id);
      return submittedJob(record, undefined);
    }
    const progress = await this.files.progress(record.id);
    return { ...submittedJob(record, progress), stages: this.stages.countsOf(record.id, progress) };
  }

  private shownAll(records: readonly JobRecord[]): Promise<SubmittedJob[]> {
    return Promise.all(records.map((record) => this.shown(record)));
  }

  /** The id that the idempotency key stands for: written before the job, so that a retry goes on with the same. */
  private async idFor({ request, owner }: Submission): Promise<string> {
    const id = newJobId();
    if (request.idempotencyKey === '') {
      return id;
    }
    const key = `${digest(owner.keyId)}.${digest(request.idempotencyKey)}`;
    const work = digest(SubmitJobRequest.encode(request).finish());
    const mine = JobRecord.fromPartial({ id, work });
    if (await this.idempotency.create(key, mine)) {
      return id;
    }
    const known = (await this.idempotency.read(key)) ?? mine;
    if (known.work !== work) {
      throw new MienError('IDEMPOTENCY_KEY_REUSED', 'the idempotency key was used for another request', {
        metadata: { jobId: known.id },
      });
    }
    return known.id;
  }

  /** Puts the photos and what is to be done with them where every gateway finds them. */
  private async keepSpec(request: SubmitJobRequest): Promise<BlobRef> {
    const contents: Record<number, BlobRef> = {};
    const open = request.photos.entries();
    const worker = async () => {
      for (const [index, { source }] of open) {
        if (source?.$case === 'content') {
          contents[index] = await this.keep(source.value, 'job-photos');
        }
      }
    };
    await Promise.all(Array.from({ length: STORED_AT_ONCE }, worker));
    const photos = request.photos.map((photo) =>
      photo.source?.$case === 'content' ? { ...photo, source: undefined } : photo,
    );
    const spec: JobSpec = { request: { ...request, photos }, contents };
    return this.keep(JobSpec.encode(spec).finish(), 'job-specs');
  }

  private keep(bytes: Uint8Array, prefix: string): Promise<BlobRef> {
    // Longer than the record: who reads the one finds the other.
    const retentionSeconds = this.options.retentionSeconds + 2 * 86_400;
    return this.options.store.put(bytes, { prefix, retentionSeconds, durable: true });
  }

  private expiry(): Date {
    return new Date(Date.now() + this.retentionMs);
  }

  private get retentionMs(): number {
    return this.options.retentionSeconds * 1_000;
  }

  /** Whether the buckets answer. */
  async healthy(): Promise<boolean> {
    return onBus(() => this.files.bucket.status()).then(
      () => true,
      () => false,
    );
  }
}

function recordOf(
  id: string,
  { request, owner, deadline }: Submission,
  spec: BlobRef,
  expiresAt: Date,
): JobRecord {
  const kind = request.work?.$case ?? '';
  const alone = kind === 'duplicateCheck' || kind === 'cluster';
  return {
    id,
    state: JobState.JOB_STATE_QUEUED,
    attempt: 1,
    owner: JobOwner.fromPartial(owner),
    name: request.name,
    work: kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    tasks: alone ? 1 : request.photos.length,
    priority:
      request.priority === Priority.PRIORITY_INTERACTIVE
        ? Priority.PRIORITY_INTERACTIVE
        : Priority.PRIORITY_BATCH,
    callbackEndpointId: request.callbackEndpointId,
    idempotencyKey: request.idempotencyKey,
    spec: BlobRef.fromPartial(spec),
    createdAt: new Date(timeOf(id)),
    startedAt: undefined,
    endedAt: undefined,
    deadline,
    expiresAt,
    end: undefined as JobEnd | undefined,
  };
}

function fits(record: JobRecord, { keyId, states }: JobQuery): boolean {
  return (
    (keyId === undefined || record.owner?.keyId === keyId) &&
    (states.length === 0 || states.includes(record.state))
  );
}

function ended(id: string): MienError {
  return new MienError('JOB_ENDED', 'the job has ended as it is', { metadata: { jobId: id } });
}

function digest(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
