import { MienError } from '@mien/errors';
import type { Library } from '../library';

/** Groups that one search looks through. */
export interface SearchedGroups {
  /** Each once, in the order of the request. */
  readonly ids: readonly string[];
  readonly modelVersion: string;
  /** Faces in all of them; one of a person in two groups counts twice. */
  readonly faces: number;
  /** Persons in all of them, counted likewise. */
  readonly persons: number;
}

const MOST_GROUPS = 100;

/**
 * Throws ARGUMENT_INVALID for none or too many, GROUP_NOT_FOUND, MODEL_VERSIONS_DIFFER when they are not all searched
 * with one model, LIMIT_REACHED when there are too many faces in them.
 */
export async function searchedGroups(
  groupIds: readonly string[],
  { people, settings }: Pick<Library, 'people' | 'settings'>,
): Promise<SearchedGroups> {
  const ids = [...new Set(groupIds)];
  if (ids.length === 0 || ids.length > MOST_GROUPS) {
    throw new MienError('ARGUMENT_INVALID', `group_ids: 1 to ${MOST_GROUPS} groups are searched at once`, {
      metadata: { field: 'group_ids', minimum: '1', maximum: String(MOST_GROUPS) },
    });
  }
  const groups = await people.getGroups(ids);
  const missing = ids.find((id) => !groups.some((group) => group.id === id));
  if (missing !== undefined) {
    throw new MienError('GROUP_NOT_FOUND', `there is no group ${missing}`, {
      metadata: { groupId: missing },
    });
  }
  const [modelVersion = '', other] = new Set(groups.map((group) => group.modelVersion));
  if (other !== undefined) {
    throw new MienError(
      'MODEL_VERSIONS_DIFFER',
      `groups of ${modelVersion} and ${other} can't be searched together`,
      { metadata: { versionA: modelVersion, versionB: other } },
    );
  }
  const faces = groups.reduce((sum, group) => sum + group.faceCount, 0);
  if (faces > settings.facesPerSearch) {
    const most = settings.facesPerSearch;
    throw new MienError('LIMIT_REACHED', `the groups have ${faces} faces (at most ${most} at once)`, {
      metadata: { limit: 'facesPerSearch', maximum: String(most) },
    });
  }
  const persons = groups.reduce((sum, group) => sum + group.personCount, 0);
  return { ids, modelVersion, faces, persons };
}
