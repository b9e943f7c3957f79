import { asMienError, fromProblem, MienError } from '@mien/errors';
import {
  AddFacesRequest,
  CreatePersonRequest,
  EnrolledPerson,
  EnrolResult,
  type EnrolWork,
  type JobResult,
  type Person,
  type Priority,
} from '@mien/proto';
import type { Call } from '../../usecases/call';
import type { LibraryUseCases } from '../../usecases/library/library-use-cases';
import type { PhotoOfJob } from './photo-of-job';

interface Enrolment {
  readonly work: EnrolWork;
  readonly photo: PhotoOfJob;
  readonly owner: EnrolledPerson;
  readonly priority: Priority;
  readonly call: Call;
  readonly library: LibraryUseCases;
}

/**
 * Enrols the person that a photo is of; who is in the group is given a further face. Tried again, it finds the face that
 * it enrolled before: the face's id comes from job and photo. Throws what is wrong with the photo, and
 * PERSON_NOT_IN_GROUP when the library has somebody of the id elsewhere.
 */
export async function enrolPhoto(
  work: EnrolWork,
  photo: PhotoOfJob,
  priority: Priority,
  call: Call,
  library: LibraryUseCases,
): Promise<JobResult['result']> {
  const owner = photo.person ?? EnrolledPerson.fromPartial({});
  const enrolment = { work, photo, owner, priority, call, library };
  const known = await knownPerson(enrolment);
  return {
    $case: 'enrol',
    value: known === undefined ? await create(enrolment) : await add(enrolment, known),
  };
}

async function knownPerson({ owner, call, library }: Enrolment): Promise<Person | undefined> {
  try {
    return (await library.getPerson({ id: owner.id }, call)).person;
  } catch (error) {
    if (asMienError(error).reason === 'PERSON_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

async function create(enrolment: Enrolment): Promise<EnrolResult> {
  const { work, photo, owner, priority, call, library } = enrolment;
  const { groupId, uniquenessControl, qualityControl, detection } = work;
  const request = CreatePersonRequest.fromPartial({
    groupId,
    ...owner,
    face: photo.image && { $case: 'image', value: photo.image },
    uniquenessControl,
    qualityControl,
    detection,
    priority,
  });
  try {
    const { person, similar } = await library.createPerson(request, call);
    return person === undefined
      ? EnrolResult.fromPartial({ similar })
      : { personId: person.id, face: person.faces[0], createdPerson: true, similar: undefined };
  } catch (error) {
    // Another photo of the person came first.
    const known = asMienError(error).reason === 'PERSON_ID_TAKEN' ? await knownPerson(enrolment) : undefined;
    if (known === undefined) {
      throw error;
    }
    return await add(enrolment, known);
  }
}

async function add(
  { work, photo, priority, call, library }: Enrolment,
  person: Person,
): Promise<EnrolResult> {
  const { groupId, qualityControl, detection } = work;
  if (!person.memberships.some((membership) => membership.groupId === groupId)) {
    throw new MienError(
      'PERSON_NOT_IN_GROUP',
      `there is a person ${person.id}, but not in group ${groupId}`,
      {
        metadata: { personId: person.id, groupId },
      },
    );
  }
  const images = photo.image === undefined ? [] : [photo.image];
  const request = AddFacesRequest.fromPartial({
    personId: person.id,
    images,
    qualityControl,
    detection,
    priority,
  });
  const { results } = await library.addFaces(request, call);
  const result = results[0]?.result;
  if (result?.$case !== 'face') {
    const { reason, message } = result?.value ?? { reason: 'INTERNAL', message: 'no face was answered' };
    throw fromProblem({ reason, message, stage: '', metadata: {} });
  }
  // The first face of somebody is the one that he was enrolled with: by this photo, when an answer of it was lost.
  const createdPerson = person.faces[0]?.id === result.value.id;
  return { personId: person.id, face: result.value, createdPerson, similar: undefined };
}
