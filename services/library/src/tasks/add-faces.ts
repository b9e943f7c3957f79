import { asMienError, MienError } from '@mien/errors';
import type { NewFace, Person, PersonFace } from '@mien/people';
import type { AddedFace, AddFacesRequest, AddFacesResponse, Job, Photo, Refusal } from '@mien/proto';
import type { StageContext } from '@mien/service';
import { scoreOf } from '@mien/vision';
import type { Library } from '../library';
import { personFaceMessage } from '../person-message';
import { enrolFaces, type FaceToEnrol } from './enrolment';
import { faceIdOf } from './face-id';
import { bestMatch, type PersonTemplates, templatesOfPerson } from './person-templates';
import { askedScore, USUAL_THRESHOLD } from './score';
import { templateOfFace } from './templates';

/** How often the person is read anew when another process changed it meanwhile. */
const ATTEMPTS = 5;

/** Where enrolments go on that another process came in between. */
const ANOTHER_CAME_FIRST: ReadonlySet<string> = new Set(['CONFLICT', 'FACE_ID_TAKEN', 'BLOB_NOT_RESERVED']);

/**
 * Enrols further faces of a person, the largest of each photo. Each photo is told of by itself: its face as it was
 * enrolled, or why it was refused (its problem, FACE_NOT_OF_PERSON, LIMIT_REACHED). What is enrolled is enrolled all
 * together. Throws PERSON_NOT_FOUND, and CONFLICT when others change the person all the time.
 */
export async function addFaces(
  job: Job,
  request: AddFacesRequest,
  library: Library,
  context: StageContext,
): Promise<AddFacesResponse> {
  const minimum = askedScore('minimum_similarity', request.minimumSimilarity ?? USUAL_THRESHOLD);
  if (job.photos.length === 0) {
    throw new MienError('IMAGE_MISSING', 'no photo was given');
  }
  const addition: Addition = { job, personId: request.personId, minimum, library, context };
  return library.turns.take(`person ${request.personId}`, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return { results: await addOnce(addition) };
      } catch (error) {
        if (attempt === ATTEMPTS || !ANOTHER_CAME_FIRST.has(asMienError(error).reason)) {
          throw error;
        }
      }
    }
  });
}

interface Addition {
  readonly job: Job;
  readonly personId: string;
  readonly minimum: number;
  readonly library: Library;
  readonly context: StageContext;
}

/** What becomes of a photo. */
type Outcome =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'enrolled'; readonly face: PersonFace }
  | { readonly kind: 'fit'; readonly face: FaceToEnrol };

async function addOnce(addition: Addition): Promise<AddedFace[]> {
  const { job, personId, library } = addition;
  // In this order: what changes after the person was read makes the enrolment fail with CONFLICT.
  const person = await library.people.getPerson(personId);
  const known = await templatesOfPerson(personId, library);
  const outcomes = job.photos.map((photo, index) => judged(photo, index, addition, person, known));
  const fit = outcomes.flatMap((outcome) => (outcome.kind === 'fit' ? [outcome.face] : []));
  const { faces, refusal } = await enrolWhatFits(fit, addition, person);
  await library.index.follow();
  library.events.tellSoon();
  return outcomes.map((outcome) => answered(outcome, faces, refusal));
}

function judged(
  photo: Photo,
  index: number,
  { job, minimum, library }: Addition,
  person: Person,
  { modelVersion, templates }: PersonTemplates,
): Outcome {
  const id = faceIdOf(job, index);
  const before = person.faces.find((face) => face.id === id);
  if (before !== undefined) {
    return { kind: 'enrolled', face: before };
  }
  if (photo.problem !== undefined) {
    const { reason, message } = photo.problem;
    return { kind: 'refused', refusal: { reason, message } };
  }
  const [inPhoto] = photo.faces;
  if (inPhoto === undefined) {
    return { kind: 'refused', refusal: { reason: 'NO_FACE', message: 'the photo shows no face' } };
  }
  const template = templateOfFace(inPhoto, modelVersion);
  const best = bestMatch(template, templates);
  const score = best === undefined ? 0 : scoreOf(best.cosine, library.model.calibrationOf(modelVersion));
  if (score < minimum) {
    const message = `the face resembles those of the person by ${score.toFixed(1)} (at least ${minimum})`;
    return { kind: 'refused', refusal: { reason: 'FACE_NOT_OF_PERSON', message } };
  }
  return { kind: 'fit', face: { id, modelVersion, template, inPhoto, photo } };
}

/** Faces that were enrolled, and why the others were not. */
interface Enrolled {
  readonly faces: readonly PersonFace[];
  readonly refusal?: Refusal;
}

async function enrolWhatFits(
  fit: readonly FaceToEnrol[],
  addition: Addition,
  person: Person,
): Promise<Enrolled> {
  if (fit.length === 0) {
    return { faces: [] };
  }
  const { library, context } = addition;
  const { revision } = person;
  const commit = (faces: readonly NewFace[]) => library.people.addFaces(person.id, faces, { revision });
  try {
    return { faces: await enrolFaces(fit, library, context, commit) };
  } catch (error) {
    const { reason, message, metadata } = asMienError(error);
    if (reason !== 'LIMIT_REACHED') {
      throw error;
    }
    // Where the group or the library is full, it is so for each of the faces.
    const room = metadata.limit === 'facesPerPerson' ? Number(metadata.maximum) - person.faces.length : 0;
    const fewer = fit.slice(0, Math.min(Math.max(room, 0), fit.length - 1));
    const { faces } = await enrolWhatFits(fewer, addition, person);
    return { faces, refusal: { reason, message } };
  }
}

function answered(
  outcome: Outcome,
  enrolled: readonly PersonFace[],
  refusal: Refusal | undefined,
): AddedFace {
  if (outcome.kind === 'refused') {
    return { result: { $case: 'refusal', value: outcome.refusal } };
  }
  const face = outcome.kind === 'enrolled' ? outcome.face : enrolled.find(({ id }) => id === outcome.face.id);
  if (face !== undefined) {
    return { result: { $case: 'face', value: personFaceMessage(face) } };
  }
  if (refusal === undefined) {
    throw new MienError('INTERNAL', 'a face was neither enrolled nor refused');
  }
  return { result: { $case: 'refusal', value: refusal } };
}
