import { MienError } from '@mien/errors';
import type { IndexedTemplate } from '@mien/people';
import { cosineOf } from '../index/similarity';
import type { Library } from '../library';

/** The templates of all faces of a person, of the model that the person's first group is searched with. */
export interface PersonTemplates {
  readonly modelVersion: string;
  /** Never empty. */
  readonly templates: readonly IndexedTemplate[];
}

/** Reads them from the database. Throws PERSON_NOT_FOUND. */
export async function templatesOfPerson(personId: string, library: Library): Promise<PersonTemplates> {
  const ofAllVersions = await library.people.templatesOfPersons([personId]);
  // While groups are upgraded, they may be of two models: every face has templates of both.
  const [group] = await library.people.getGroups(ofAllVersions[0]?.groupIds ?? []);
  const templates = ofAllVersions.filter((one) => one.modelVersion === group?.modelVersion);
  if (group === undefined || templates.length === 0) {
    throw new MienError('PERSON_NOT_FOUND', `there is no person ${personId}`, { metadata: { personId } });
  }
  return { modelVersion: group.modelVersion, templates };
}

export interface FaceMatch {
  readonly faceId: string;
  readonly cosine: number;
}

/** The most alike of some faces. */
export function bestMatch(template: Float32Array, faces: readonly IndexedTemplate[]): FaceMatch | undefined {
  let best: FaceMatch | undefined;
  for (const { faceId, vector } of faces) {
    const cosine = cosineOf(template, vector);
    if (best === undefined || cosine > best.cosine) {
      best = { faceId, cosine };
    }
  }
  return best;
}
