import { createHash } from 'node:crypto';
import { asMienError, MienError } from '@mien/errors';
import type { TaskExecutor, TaskWork } from '@mien/jobs';
import { JobOwner, type JobResult, type JobSpec, type SubmitJobRequest } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { Call } from '../usecases/call';
import type { UseCases } from '../usecases/use-cases';
import type { Uploads } from './uploads';
import { LONGEST_MS } from './validation';
import { albumNames, clusterAlbum } from './work/cluster';
import { checkDuplicates } from './work/duplicate-check';
import { enrolPhoto } from './work/enrol';
import type { PhotoOfJob } from './work/photo-of-job';

interface ExecutorParts {
  readonly useCases: UseCases;
  readonly store: ObjectStore;
  readonly uploads: Uploads;
  /** For one attempt at a photo. */
  readonly photoMs: number;
}

type Work = NonNullable<SubmitJobRequest['work']>;
type Result = JobResult['result'];

/** Does the tasks of jobs as the requests that they stand for, with the rights of who submitted them. */
export function jobExecutor(parts: ExecutorParts): TaskExecutor {
  return async (task) => {
    const work = task.spec.request?.work;
    if (work === undefined) {
      throw new MienError('INTERNAL', 'the job has no work');
    }
    const whole = work.$case === 'cluster' || work.$case === 'duplicateCheck';
    // The runner knows the job's own deadline.
    const call = new Call(whole ? LONGEST_MS : parts.photoMs, originOf(task));
    const onAbort = () => call.cancel(task.signal.reason);
    task.signal.addEventListener('abort', onAbort, { once: true });
    if (task.signal.aborted) {
      onAbort();
    }
    try {
      return await answer(work, task, call, parts);
    } finally {
      task.signal.removeEventListener('abort', onAbort);
      call.close();
    }
  };
}

function originOf({ record, index }: TaskWork): Call['origin'] {
  return {
    principal: record.owner ?? JobOwner.fromPartial({}),
    submission: { jobId: record.id, photoIndex: index },
  };
}

async function answer(work: Work, task: TaskWork, call: Call, parts: ExecutorParts): Promise<Result> {
  const { record, spec } = task;
  const { priority } = record;
  const { faces, library, libraryJobs, clusterPhotos } = parts.useCases;
  if (work.$case === 'duplicateCheck') {
    const id = checkIdOf(record.id, record.attempt);
    return await checkDuplicates(work.value, id, call, libraryJobs, (percent) => task.progress(percent));
  }
  if (work.$case === 'cluster') {
    return await clusterAlbum(work.value, albumOf(task, parts), priority, call, clusterPhotos);
  }
  const photo = await photoAt(task.index, task, parts);
  const { image } = photo;
  switch (work.$case) {
    case 'detect':
      return { $case: 'detect', value: await faces.detect({ ...work.value, image, priority }, call) };
    case 'checkLiveness':
      return {
        $case: 'checkLiveness',
        value: await faces.checkLiveness({ ...work.value, image, priority }, call),
      };
    case 'search': {
      const face = image && ({ $case: 'image', value: image } as const);
      return { $case: 'search', value: await library.search({ ...work.value, face, priority }, call) };
    }
    case 'enrol':
      return await enrolPhoto(work.value, photo, priority, call, library);
  }
  return unknownWork(work, spec);
}

function unknownWork(work: never, { request }: JobSpec): never {
  throw new MienError('INTERNAL', `nothing does the work ${request?.work?.$case ?? work}`);
}

/** The photo with its bytes, or its address. Throws UPLOAD_NOT_FOUND, BLOB_LOST, OBJECT_STORE_UNAVAILABLE. */
async function photoAt(index: number, { record, spec }: TaskWork, parts: ExecutorParts): Promise<PhotoOfJob> {
  const { name = '', source, person } = spec.request?.photos[index] ?? {};
  const about = { index, name, person };
  const kept = spec.contents[index];
  if (kept !== undefined) {
    return { ...about, image: contentOf(await parts.store.get(kept)) };
  }
  if (source?.$case === 'uploadId') {
    const field = `photos[${index}].upload_id`;
    const bytes = await parts.uploads.read(source.value, record.owner?.keyId ?? '', field);
    return { ...about, image: contentOf(bytes) };
  }
  return { ...about, image: source?.$case === 'url' ? { source } : undefined };
}

function contentOf(value: Buffer): PhotoOfJob['image'] {
  return { source: { $case: 'content', value } };
}

/** All photos under the names of the album. One whose upload is gone is one without an image. */
async function* albumOf(task: TaskWork, parts: ExecutorParts): AsyncGenerator<PhotoOfJob, void, void> {
  for (const [index, name] of albumNames(task.spec.request?.photos ?? []).entries()) {
    try {
      yield { ...(await photoAt(index, task, parts)), name };
    } catch (error) {
      if (asMienError(error).reason !== 'UPLOAD_NOT_FOUND') {
        throw error;
      }
      yield { index, name, image: undefined, person: undefined };
    }
  }
}

/** The same for the same attempt at a job, as a UUID. */
function checkIdOf(jobId: string, attempt: number): string {
  const hex = createHash('sha256').update(`${jobId}/${attempt}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
