import { randomUUID } from 'node:crypto';
import { MienError } from '@mien/errors';
import {
  type JobResult,
  type JobState,
  JobServiceService as Jobs,
  ListJobsRequest,
  type Priority,
  SubmitJobRequest,
  type SubmittedJob,
  type UploadPhotoResponse,
} from '@mien/proto';
import type { Channel } from '../channel';
import { type ListSettings, pagesOf } from '../pages';
import { contentOf, type PhotoSource } from '../photo';
import { present } from '../present';
import { reconnecting } from '../reconnecting';
import { type CallSettings, given } from '../settings';
import { hasEnded } from './job-ends';
import { type JobPhotoSource, toJobPhotos } from './job-photos';
import { type JobWork, toWork } from './job-work';

/** The limit on time is for each upload and for the submission itself. */
export interface SubmitSettings extends CallSettings {
  /** The caller's own, shown in lists; at most 256 bytes. */
  readonly name?: string;
  /** Batch unless given. */
  readonly priority?: Priority;
  /** The job has failed when it is not done by then; at most 24 hours from now, which it is unless given. */
  readonly deadline?: Date;
  /** Endpoint that is called when the job has ended. */
  readonly callbackEndpointId?: string;
  /**
   * The same key and request give the same job again, for as long as the job is kept: give one to be able to submit once
   * more when it is not known what became of the first time. Unless given it is random, for this submission's own
   * further attempts.
   */
  readonly idempotencyKey?: string;
  /** After each photo that was sent by itself, because all of them together are too much for one request. */
  readonly onUpload?: () => void;
}

export interface ListJobsSettings extends ListSettings {
  /** All states when empty or not given. */
  readonly states?: readonly JobState[];
  readonly createdFrom?: Date;
  /** Before this time. */
  readonly createdBefore?: Date;
}

export interface WatchSettings extends CallSettings {
  /** How long nobody may answer before it is given up; a minute unless given. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;

/** Work that is handed over instead of waited for, and survives whatever happens to the platform meanwhile. */
export class MienJobs {
  constructor(private readonly channel: Channel) {}

  /** Sends a photo for jobs that are submitted later, as bytes or the path of a file. */
  async upload(photo: PhotoSource, settings: CallSettings = {}): Promise<UploadPhotoResponse> {
    const request = { content: await contentOf(photo) };
    return this.channel.read(Jobs.uploadPhoto, request, settings);
  }

  /**
   * Hands over 1 to 1,000 photos; none for a duplicate check. Files are read as they are sent. A photo that can't be
   * read rejects; one that is no photo is told in the results.
   */
  async submit(
    photos: readonly JobPhotoSource[],
    work: JobWork,
    settings: SubmitSettings = {},
  ): Promise<SubmittedJob> {
    const { name, priority, deadline, callbackEndpointId, idempotencyKey, onUpload } = settings;
    const request = SubmitJobRequest.fromPartial({
      photos: await toJobPhotos(photos, {
        upload: async (photo) => (await this.upload(photo, settings)).uploadId,
        uploaded: () => onUpload?.(),
      }),
      work: toWork(work),
      idempotencyKey: idempotencyKey ?? randomUUID(),
      ...given({ name, priority, deadline, callbackEndpointId }),
    });
    // Its idempotency key makes it harmless to ask twice.
    return present((await this.channel.read(Jobs.submitJob, request, settings)).job);
  }

  async get(id: string, settings: CallSettings = {}): Promise<SubmittedJob> {
    return present((await this.channel.read(Jobs.getJob, { id }, settings)).job);
  }

  /** Newest first. */
  list(settings: ListJobsSettings = {}): AsyncGenerator<SubmittedJob, void, void> {
    const { states, createdFrom, createdBefore } = settings;
    const filter = given({ states: states && [...states], createdFrom, createdBefore });
    return pagesOf(settings, async (page) => {
      const request = ListJobsRequest.fromPartial({ page, ...filter });
      const { jobs, nextCursor } = await this.channel.read(Jobs.listJobs, request, settings);
      return { entries: jobs, nextCursor };
    });
  }

  /** What came of each photo, as far as it is known, in the order of the photos. */
  results(id: string, settings: ListSettings = {}): AsyncGenerator<JobResult, void, void> {
    return pagesOf(settings, async (page) => {
      const { results, nextCursor } = await this.channel.read(Jobs.listJobResults, { id, page }, settings);
      return { entries: results, nextCursor };
    });
  }

  /** None of its photos is begun any more; what was answered stays. JOB_ENDED when it has ended. */
  async cancel(id: string, settings: CallSettings = {}): Promise<SubmittedJob> {
    return present((await this.channel.write(Jobs.cancelJob, { id }, settings)).job);
  }

  /**
   * The job as it is now, and after each change until it has ended. A lost connection is made again; the job may then
   * come once more as it was.
   */
  watch(id: string, settings: WatchSettings = {}): AsyncGenerator<SubmittedJob, void, void> {
    const { patienceMs = PATIENCE_MS, timeoutMs, signal } = settings;
    const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    return reconnecting(() => this.watchOnce(id, deadline, signal), { patienceMs, signal });
  }

  /** The job when it has ended, however it did. */
  async wait(id: string, settings: WatchSettings = {}): Promise<SubmittedJob> {
    let last: SubmittedJob | undefined;
    for await (const job of this.watch(id, settings)) {
      last = job;
    }
    return present(last);
  }

  private async *watchOnce(
    id: string,
    deadline: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<SubmittedJob, void, void> {
    for await (const answer of this.channel.follow(Jobs.watchJob, { id }, { deadline, signal })) {
      const job = present(answer.job);
      yield job;
      if (hasEnded(job)) {
        return;
      }
    }
    throw new MienError('SHUTTING_DOWN', 'the watch ended before the job');
  }
}
