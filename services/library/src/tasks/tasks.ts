import { MienError } from '@mien/errors';
import type { Job, LibraryAnswer } from '@mien/proto';
import type { StageContext } from '@mien/service';
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
export async function runTask(job: Job, library: Library, context: StageContext): Promise<LibraryAnswer> {
  const task = job.options?.library?.task;
  switch (task?.$case) {
    case 'createPerson':
      return {
        answer: { $case: 'createPerson', value: await createPerson(job, task.value, library, context) },
      };
    case 'addFaces':
      return { answer: { $case: 'addFaces', value: await addFaces(job, task.value, library, context) } };
    case 'verifyPerson':
      return { answer: { $case: 'verifyPerson', value: await verifyPerson(job, task.value, library) } };
    case 'search':
      return { answer: { $case: 'search', value: await search(job, task.value, library) } };
    case undefined:
      throw new MienError('INTERNAL', 'a job came to the library without a task');
  }
}
