import { MienError } from '@mien/errors';
import type { Job, LibraryAnswer } from '@mien/proto';
import type { StageContext } from '@mien/service';
import { withContractNames } from '../argument-names';
import type { Library } from '../library';
import { addFaces } from './add-faces';
import { createPerson } from './create-person';
import { search } from './search';
import { verifyPerson } from './verify-person';

/**
 * Does what a job asks of the library (`options.library`) with the faces that the line found in its photos, and
 * answers it. What is wrong with the request, or with the one photo that it is about, is thrown, with its stable
 * reason; so is what may pass (CONFLICT, DATABASE_UNAVAILABLE). A job that comes a second time, because its answer was
 * lost, is answered as if it came once.
 */
export function runTask(job: Job, library: Library, context: StageContext): Promise<LibraryAnswer> {
  return withContractNames(async () => ({ answer: await answerOf(job, library, context) }));
}

async function answerOf(
  job: Job,
  library: Library,
  context: StageContext,
): Promise<NonNullable<LibraryAnswer['answer']>> {
  const task = job.options?.library?.task;
  switch (task?.$case) {
    case 'createPerson':
      return { $case: 'createPerson', value: await createPerson(job, task.value, library, context) };
    case 'addFaces':
      return { $case: 'addFaces', value: await addFaces(job, task.value, library, context) };
    case 'verifyPerson':
      return { $case: 'verifyPerson', value: await verifyPerson(job, task.value, library) };
    case 'search':
      return { $case: 'search', value: await search(job, task.value, library) };
    case undefined:
      throw new MienError('INTERNAL', 'a job came to the library without a task');
  }
}
