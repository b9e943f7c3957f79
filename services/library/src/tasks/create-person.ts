import { MienError } from '@mien/errors';
import type { Person } from '@mien/people';
import type { CreatePersonRequest, CreatePersonResponse, Job } from '@mien/proto';
import type { StageContext } from '@mien/service';
import type { Library } from '../library';
import { personMessage } from '../person-message';
import { enrolFaces, type FaceToEnrol } from './enrolment';
import { faceIdOf } from './face-id';
import { presentedFace, templateOf } from './presented-face';
import { similarPerson, type UniquenessCheck, uniquenessThreshold } from './uniqueness';

/**
 * Enrols somebody with the largest face of the job's photo, or with the template of the request; nobody when the
 * uniqueness control finds a similar person, who is then told. Throws what is wrong with photo or template, and as
 * createPerson of the people store.
 */
export async function createPerson(
  job: Job,
  request: CreatePersonRequest,
  library: Library,
  context: StageContext,
): Promise<CreatePersonResponse> {
  const threshold = uniquenessThreshold(request.uniquenessControl);
  const { modelVersion } = await library.people.getGroup(request.groupId);
  const presented = presentedFace(job, templateOf(request.face), modelVersion);
  const enrolment: Enrolment = {
    request,
    face: { ...presented, id: faceIdOf(job, 0), modelVersion, photo: job.photos[0] },
    library,
    context,
  };
  if (threshold === undefined) {
    return enrolled((await enrolledBefore(enrolment)) ?? (await enrol(enrolment)), library);
  }
  const { groupId, id: personId } = request;
  const check = { template: presented.template, groupId, modelVersion, threshold, personId };
  return library.turns.take(`group ${groupId}`, () => enrolUnlessSimilar(enrolment, check));
}

interface Enrolment {
  readonly request: CreatePersonRequest;
  readonly face: FaceToEnrol;
  readonly library: Library;
  readonly context: StageContext;
}

/**
 * Within this process enrolments take turns, so that the first of two similar faces is found by the second. Other
 * processes may enrol at the same time: who was enrolled and then sees somebody similar beside, withdraws. Both may.
 */
async function enrolUnlessSimilar(
  enrolment: Enrolment,
  check: UniquenessCheck,
): Promise<CreatePersonResponse> {
  const before = await enrolledBefore(enrolment);
  if (before !== undefined) {
    // Not checked again: whoever was enrolled since was found similar to this one, or came without control.
    return enrolled(before, enrolment.library);
  }
  const { library } = enrolment;
  const found = await similarPerson(check, library);
  if (found !== undefined) {
    return { person: undefined, similar: found };
  }
  const person = await enrol(enrolment);
  const beside = await similarPerson(check, library);
  if (beside === undefined) {
    return enrolled(person, library);
  }
  await library.people.deletePerson(person.id);
  await library.index.follow();
  await library.blobs.follow();
  return { person: undefined, similar: beside };
}

async function enrol(enrolment: Enrolment): Promise<Person> {
  const { request, face, library, context } = enrolment;
  const { id, groupId, name, gender, fieldValues } = request;
  try {
    const person = await enrolFaces([face], library, context, ([stored]) => {
      if (stored === undefined) {
        throw new MienError('INTERNAL', 'the face of an enrolment is missing');
      }
      return library.people.createPerson({ id, groupId, name, gender, fieldValues, face: stored });
    });
    await library.index.follow();
    return person;
  } catch (error) {
    const taken = error instanceof MienError && error.reason === 'PERSON_ID_TAKEN';
    const before = taken ? await enrolledBefore(enrolment) : undefined;
    if (before === undefined) {
      throw error;
    }
    return before;
  }
}

/**
 * The person, when this very job enrolled it before and its answer was lost. Throws PERSON_ID_TAKEN when the person is
 * another's.
 */
async function enrolledBefore({ request, face, library }: Enrolment): Promise<Person | undefined> {
  const [person] = await library.people.getPersons([request.id]);
  if (person === undefined) {
    return undefined;
  }
  if (!person.faces.some(({ id }) => id === face.id)) {
    throw new MienError('PERSON_ID_TAKEN', `there is a person ${request.id}`, {
      metadata: { personId: request.id },
    });
  }
  await library.index.follow();
  return person;
}

function enrolled(person: Person, { events }: Library): CreatePersonResponse {
  events.tellSoon();
  return { person: personMessage(person), similar: undefined };
}
