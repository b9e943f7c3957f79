import { MienError } from '@mien/errors';
import type {
  FaceFeatures,
  Image,
  Job,
  JobOptions,
  LibraryAnswer,
  LibraryTask,
  Priority,
  TemplateInput,
} from '@mien/proto';
import { answeredPhoto } from '../answers';
import type { Call } from '../call';
import { obtainPhoto } from '../photo-intake';
import type { Dependencies } from '../ports';
import { runJob } from '../run-job';
import { validateTemplate } from './validation';

type Task = NonNullable<LibraryTask['task']>;
type Kind = Task['$case'];
type AnswerOf<K extends Kind> = Extract<NonNullable<LibraryAnswer['answer']>, { $case: K }>['value'];

/** Who a request is about: a face in a photo, or its template. */
type GivenFace =
  | { readonly $case: 'image'; readonly value: Image }
  | { readonly $case: 'template'; readonly value: TemplateInput };

/** The photo that a request gives: none when it gives a template instead. Throws what obtainPhoto throws. */
export async function photosOf(
  face: GivenFace | undefined,
  call: Call,
  deps: Dependencies,
): Promise<Buffer[]> {
  if (face?.$case === 'template') {
    validateTemplate(face.value);
    return [];
  }
  return [await obtainPhoto(face?.value, 'image', deps.fetcher, call.signal)];
}

/** The request's face as it travels with the task: a photo goes its own way, by claim check. */
export function withoutPhoto<Face extends GivenFace>(face: Face | undefined): Face | undefined {
  return face?.$case === 'template' ? face : undefined;
}

/** What the line computes of faces for the library. */
export function featuresFor({ quality }: { quality: boolean }): FaceFeatures {
  return { landmarks: false, mesh: false, quality, attributes: false, liveness: false, template: true };
}

/** Sends a task that is about one photo, or a template, and reads its answer. Throws the photo's problem. */
export async function runPhotoTask<K extends Kind>(
  task: Extract<Task, { $case: K }>,
  work: { photos: readonly Buffer[]; options: Partial<JobOptions>; priority: Priority },
  call: Call,
  deps: Dependencies,
): Promise<AnswerOf<K>> {
  const job = await runTask(task, work, call, deps);
  if (work.photos.length > 0) {
    answeredPhoto(job.photos, 0);
  }
  return answerOf<K>(task.$case, job);
}

/** Sends a task; the photos of the job may have problems of their own. */
export function runTask(
  task: Task,
  work: { photos: readonly Buffer[]; options: Partial<JobOptions>; priority: Priority },
  call: Call,
  deps: Dependencies,
): Promise<Job> {
  return runJob({ ...work, options: { ...work.options, library: { task } } }, call, deps);
}

/** The library's answer to a task of that kind. */
export function answerOf<K extends Kind>(kind: K, job: Job): AnswerOf<K> {
  const answer = job.library?.answer;
  if (answer?.$case !== kind) {
    throw new MienError('INTERNAL', 'the line answered without the library');
  }
  return answer.value as AnswerOf<K>;
}
