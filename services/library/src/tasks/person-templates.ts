import { MienError } from '@mien/errors';
import type { IndexedTemplate } from '@mien/people';
import type { Library } from '../library';
import { cosineBetween } from './templates';

/** The templates of all faces of a person, of the model that the person's groups are searched with. */
export interface PersonTemplates {
  readonly modelVersion: string;
  /** Never empty. */
  readonly templates: readonly IndexedTemplate[];
}

/** Reads them from the database. Throws PERSON_NOT_FOUND. */
export async function templatesOfPerson(personId: string, library: Library): Promise<PersonTemplates> {
  const ofAllVersions = await library.people.templatesOfPersons([personId]);
  const modelVersion = await versionOfGroups(ofAllVersions[0]?.groupIds ?? [], library);
  const templates = ofAllVersions.filter((one) => one.modelVersion === modelVersion);
  if (modelVersion === undefined || templates.length === 0) {
    throw new MienError('PERSON_NOT_FOUND', `there is no person ${personId}`, { metadata: { personId } });
  }
  return { modelVersion, templates };
}

export interface FaceMatch {
  readonly faceId: string;
  readonly cosine: number;
}

/** The most alike of some faces. */
export function bestMatch(template: Float32Array, faces: readonly IndexedTemplate[]): FaceMatch | undefined {
  let best: FaceMatch | undefined;
  for (const { faceId, vector } of faces) {
    const cosine = cosineBetween(template, vector);
    if (best === undefined || cosine > best.cosine) {
      best = { faceId, cosine };
    }
  }
  return best;
}

/** All groups of a person are of one version; one that is being deleted does not tell. */
async function versionOfGroups(groupIds: readonly string[], library: Library): Promise<string | undefined> {
  for (const groupId of groupIds) {
    try {
      return (await library.people.getGroup(groupId)).modelVersion;
    } catch (error) {
      if (!(error instanceof MienError && error.reason === 'GROUP_NOT_FOUND')) {
        throw error;
      }
    }
  }
  return undefined;
}
