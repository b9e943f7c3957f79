import { MienError } from '@mien/errors';
import { type MienLibrary, type Person, Priority, type UniquenessControl } from '@mien/sdk';
import type { PersonEntry } from '../../input/person-folder';
import { CommandError, describeFailure } from '../failure';
import { PHOTOS_AT_ONCE } from './person-faces';

export interface EnrolmentSettings {
  readonly groupId: string;
  readonly uniquenessControl: UniquenessControl;
  readonly qualityControl: number;
}

/** A photo that gave no face, and why. */
interface RefusedPhoto {
  readonly photo: string;
  readonly message: string;
}

/** What became of somebody. */
export interface Enrolment {
  /** present: all there was to enrol was enrolled before. */
  readonly outcome: 'enrolled' | 'present' | 'failed';
  /** That were enrolled now. */
  readonly faces: number;
  readonly refused: readonly RefusedPhoto[];
}

const { PRIORITY_BATCH: priority } = Priority;
/** Characters of a person's name; ids may be longer. */
const NAME_LENGTH = 60;
/** What only the very photo that a face was enrolled from reaches: its template is the face's own, but for rounding. */
const SAME_PHOTO_SCORE = 99.99;
/** Faults of one photo, which the next may not have. */
const OF_THE_PHOTO = /^(IMAGE_|FACE_|NO_FACE$)/;

/**
 * Enrols somebody from all photos of an entry: the first that shows a face makes the person, the others are added.
 * Does the rest only where it was broken off before. Throws what stands in the way of the whole person.
 */
export async function enrolPerson(
  entry: PersonEntry,
  settings: EnrolmentSettings,
  library: MienLibrary,
): Promise<Enrolment> {
  if (entry.complaint !== undefined) {
    throw new CommandError(entry.complaint);
  }
  const known = await findPerson(entry.id, library);
  if (known === undefined) {
    const { refused, rest, created } = await createFromFirst(entry, settings, library);
    const added = await addPhotos(entry.id, rest, settings, library);
    return {
      outcome: created ? 'enrolled' : 'failed',
      faces: added.faces + (created ? 1 : 0),
      refused: [...refused, ...added.refused],
    };
  }
  if (!known.memberships.some(({ groupId }) => groupId === settings.groupId)) {
    const message = `somebody of this id is enrolled in other groups; \`mien person join ${entry.id} ${settings.groupId}\` adds them`;
    throw new MienError('PERSON_ID_TAKEN', message);
  }
  const rest = known.faces.length < entry.photos.length ? await notEnrolled(entry, library) : [];
  const added = await addPhotos(entry.id, rest, settings, library);
  return { outcome: added.faces > 0 ? 'enrolled' : 'present', ...added };
}

async function findPerson(id: string, library: MienLibrary): Promise<Person | undefined> {
  try {
    return await library.getPerson(id);
  } catch (error) {
    if (error instanceof MienError && error.reason === 'PERSON_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

interface Creation {
  readonly created: boolean;
  readonly refused: readonly RefusedPhoto[];
  /** Photos that were not looked at yet. */
  readonly rest: readonly string[];
}

async function createFromFirst(
  { id, photos }: PersonEntry,
  { groupId, ...controls }: EnrolmentSettings,
  library: MienLibrary,
): Promise<Creation> {
  const refused: RefusedPhoto[] = [];
  const person = { id, groupId, name: id.slice(0, NAME_LENGTH) };
  for (const [index, photo] of photos.entries()) {
    try {
      const { similar } = await library.createPerson(person, photo, { ...controls, priority });
      if (similar !== undefined) {
        throw new CommandError(`resembles ${similar.personId}, score ${similar.score.toFixed(1)}`);
      }
      return { created: true, refused, rest: photos.slice(index + 1) };
    } catch (error) {
      if (!(error instanceof MienError && OF_THE_PHOTO.test(error.reason))) {
        throw error;
      }
      refused.push({ photo, message: describeFailure(error) });
    }
  }
  return { created: false, refused, rest: [] };
}

/** Photos whose face the person does not have; those without a face among them, which are refused again. */
async function notEnrolled({ id, photos }: PersonEntry, library: MienLibrary): Promise<string[]> {
  const rest: string[] = [];
  for (const photo of photos) {
    if (!(await isEnrolled(id, photo, library))) {
      rest.push(photo);
    }
  }
  return rest;
}

async function isEnrolled(personId: string, photo: string, library: MienLibrary): Promise<boolean> {
  try {
    const { score } = await library.verifyPerson(personId, photo, { priority });
    return score >= SAME_PHOTO_SCORE;
  } catch (error) {
    if (error instanceof MienError && OF_THE_PHOTO.test(error.reason)) {
      return false;
    }
    throw error;
  }
}

async function addPhotos(
  personId: string,
  photos: readonly string[],
  { qualityControl }: EnrolmentSettings,
  library: MienLibrary,
): Promise<Pick<Enrolment, 'faces' | 'refused'>> {
  const refused: RefusedPhoto[] = [];
  for (let from = 0; from < photos.length; from += PHOTOS_AT_ONCE) {
    const some = photos.slice(from, from + PHOTOS_AT_ONCE);
    const results = await library.addFaces(personId, some, { qualityControl, priority });
    for (const [index, { result }] of results.entries()) {
      if (result?.$case === 'refusal') {
        const { reason, message } = result.value;
        refused.push({ photo: some[index] ?? '', message: `${reason}: ${message}` });
      }
    }
  }
  return { faces: photos.length - refused.length, refused };
}
