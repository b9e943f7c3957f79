import { MienError } from '@mien/errors';
import type { MienLibrary, Person, UniquenessControl } from '@mien/sdk';
import { type Enrolment, enrolPerson } from '../library/enrol-person';
import type { ListedPerson } from './tencent-list';

interface Settings {
  readonly uniquenessControl: UniquenessControl;
  readonly qualityControl: number;
}

/**
 * Enrols a person of a list with all photos, in all groups, with name, gender and values; does only what is left where
 * it was broken off before. Throws what stands in the way of the whole person.
 */
export async function importPerson(
  listed: ListedPerson,
  settings: Settings,
  library: MienLibrary,
): Promise<Enrolment> {
  const { id, photos, memberships } = listed;
  const [first] = memberships;
  const entry = {
    id,
    path: id,
    photos,
    ...(photos.length === 0 ? { complaint: 'the list has no photo of this person' } : {}),
  };
  const enrolment = await enrolPerson(entry, { ...settings, groupId: first?.groupId ?? '' }, library);
  if (enrolment.outcome === 'failed') {
    return enrolment;
  }
  const person = await library.getPerson(id);
  await nameAsListed(person, listed, library);
  const notJoined = await joinGroups(person, listed, library);
  await setFieldValues(person, listed, notJoined, library);
  const refused = [...notJoined].map(([groupId, message]) => ({ photo: `group ${groupId}`, message }));
  return { ...enrolment, refused: [...enrolment.refused, ...refused] };
}

async function nameAsListed(
  person: Person,
  { name, gender }: ListedPerson,
  library: MienLibrary,
): Promise<void> {
  if (person.name !== name || person.gender !== gender) {
    await library.updatePerson(person.id, { name, gender });
  }
}

/** Groups that could not be joined, and why. */
async function joinGroups(
  person: Person,
  { memberships }: ListedPerson,
  library: MienLibrary,
): Promise<ReadonlyMap<string, string>> {
  const missing = memberships
    .map(({ groupId }) => groupId)
    .filter((groupId) => !person.memberships.some((joined) => joined.groupId === groupId));
  if (missing.length === 0) {
    return new Map();
  }
  const { refused } = await library.addPersonToGroups(person.id, missing);
  return new Map(
    refused.map(({ groupId, refusal }) => [groupId, `${refusal?.reason ?? ''}: ${refusal?.message ?? ''}`]),
  );
}

async function setFieldValues(
  person: Person,
  { memberships }: ListedPerson,
  notJoined: ReadonlyMap<string, string>,
  library: MienLibrary,
): Promise<void> {
  for (const { groupId, fieldValues } of memberships) {
    const before = person.memberships.find((joined) => joined.groupId === groupId)?.fieldValues ?? [];
    const changed = fieldValues
      .map((value, index) => ({ index, value }))
      .filter(({ index, value }) => (before[index] ?? '') !== value);
    if (changed.length > 0 && !notJoined.has(groupId)) {
      await library.updateMembership(person.id, groupId, changed);
    }
  }
}

/** Makes a group of a list unless it is there. */
export async function importGroup(
  { id, name, tag, fieldNames }: { id: string; name: string; tag: string; fieldNames: readonly string[] },
  library: MienLibrary,
): Promise<'made' | 'present'> {
  try {
    await library.createGroup({ id, name, tag, fieldNames });
    return 'made';
  } catch (error) {
    if (error instanceof MienError && error.reason === 'GROUP_ID_TAKEN') {
      return 'present';
    }
    throw error;
  }
}
