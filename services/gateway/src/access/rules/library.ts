import { MienError } from '@mien/errors';
import {
  type FaceCandidates,
  type Group,
  LibraryServiceService,
  type ListGroupsResponse,
  type Person,
  Role,
  type SearchResponse,
} from '@mien/proto';
import { type About, ANYWHERE, type MethodRules, type Scope } from '../method-rule';
import { candidatesWithin, expectGroups, expectOwned, expectSeen, personWithin } from '../reach';

const READ = { role: Role.ROLE_READ, changes: false } as const;
const ENROL = { role: Role.ROLE_ENROL, changes: true } as const;

export const LIBRARY_RULES: MethodRules<typeof LibraryServiceService> = {
  createGroup: {
    ...ENROL,
    reach: ({ id }, scope) => expectGroups([id], scope),
    about: ({ id }, response) => ({ groupIds: [response?.group?.id ?? id] }),
  },
  getGroup: { ...READ, reach: ({ id }, scope) => expectGroups([id], scope), about: groupOfId },
  listGroups: {
    ...READ,
    reach: ANYWHERE,
    limited: (_, scope) => groupsWithin(scope),
    about: (_, response) => ({ groupIds: response?.groups.map(({ id }) => id) ?? [] }),
  },
  updateGroup: { ...ENROL, reach: ({ id }, scope) => expectGroups([id], scope), about: groupOfId },
  deleteGroup: { ...ENROL, reach: ({ id }, scope) => expectGroups([id], scope), about: groupOfId },
  createPerson: {
    ...ENROL,
    reach: ({ groupId }, scope) => expectGroups([groupId], scope),
    shown: ({ person, similar }, scope) => ({
      person: personWithin(person, scope),
      similar: similar && { ...similar, person: personWithin(similar.person, scope) },
    }),
    about: ({ groupId, id }, response) => ({
      groupIds: [groupId],
      personIds: present([id, response?.similar?.personId]),
      faceIds: facesOf(response?.person),
    }),
  },
  getPerson: {
    ...READ,
    reach: ({ id }, scope) => expectSeen(id, scope),
    shown: ({ person }, scope) => ({ person: personWithin(person, scope) }),
    about: ({ id }) => ({ personIds: [id] }),
  },
  listPersons: {
    ...READ,
    reach: ({ groupId }, scope) => expectGroups([groupId], scope),
    shown: (response, scope) => ({
      ...response,
      persons: response.persons.map((person) => personWithin(person, scope)),
    }),
    about: ({ groupId }, response) => ({
      groupIds: [groupId],
      personIds: response?.persons.map(({ id }) => id) ?? [],
    }),
  },
  updatePerson: {
    ...ENROL,
    reach: ({ id }, scope) => expectOwned(id, scope),
    about: ({ id }) => ({ personIds: [id] }),
  },
  deletePerson: {
    ...ENROL,
    reach: ({ id }, scope) => expectOwned(id, scope),
    about: ({ id }) => ({ personIds: [id] }),
  },
  addPersonToGroups: {
    ...ENROL,
    reach: async ({ personId, groupIds }, scope) => {
      expectGroups(groupIds, scope);
      await expectSeen(personId, scope);
    },
    about: ({ personId, groupIds }) => ({ groupIds, personIds: [personId] }),
  },
  removePersonFromGroup: {
    ...ENROL,
    reach: ({ groupId }, scope) => expectGroups([groupId], scope),
    about: membership,
  },
  updateMembership: {
    ...ENROL,
    reach: ({ groupId }, scope) => expectGroups([groupId], scope),
    about: membership,
  },
  addFaces: {
    ...ENROL,
    reach: ({ personId }, scope) => expectOwned(personId, scope),
    about: ({ personId }, response) => ({
      personIds: [personId],
      faceIds:
        response?.results.flatMap(({ result }) => (result?.$case === 'face' ? [result.value.id] : [])) ?? [],
    }),
  },
  deleteFaces: {
    ...ENROL,
    reach: ({ personId }, scope) => expectOwned(personId, scope),
    about: ({ personId, faceIds }) => ({ personIds: [personId], faceIds }),
  },
  verifyPerson: {
    ...READ,
    reach: ({ personId }, scope) => expectSeen(personId, scope),
    about: ({ personId }) => ({ personIds: [personId] }),
  },
  search: {
    ...READ,
    reach: ({ groupIds }, scope) => expectGroups(groupIds, scope),
    shown: searchWithin,
    about: ({ groupIds }, response) => ({ groupIds, personIds: response ? personsFound(response) : [] }),
  },
};

/** Everybody whom a search has told of. */
export function personsFound({ results }: SearchResponse): string[] {
  const all = results.flatMap(({ candidates, groups }) => [
    ...candidates,
    ...groups.flatMap((group) => group.candidates),
  ]);
  return [...new Set(all.map(({ personId }) => personId))];
}

function searchWithin(response: SearchResponse, scope: Scope): SearchResponse {
  const within = (face: FaceCandidates): FaceCandidates => ({
    ...face,
    candidates: candidatesWithin(face.candidates, scope),
    groups: face.groups.map((group) => ({ ...group, candidates: candidatesWithin(group.candidates, scope) })),
  });
  return { ...response, results: response.results.map(within) };
}

/** The key's groups that there are, oldest first, on one page: a key is limited to a hundred at most. */
async function groupsWithin({ library, groupIds, call }: Scope): Promise<ListGroupsResponse> {
  const found = await Promise.all(
    groupIds.map(async (id): Promise<Group | undefined> => {
      try {
        return (await library?.call(LibraryServiceService.getGroup, { id }, call))?.group;
      } catch (error) {
        if (error instanceof MienError && error.reason === 'GROUP_NOT_FOUND') {
          return undefined;
        }
        throw error;
      }
    }),
  );
  const age = ({ createdAt }: Group) => createdAt?.getTime() ?? 0;
  const groups = found.filter((group) => group !== undefined).toSorted((a, b) => age(a) - age(b));
  return { groups, nextCursor: '', total: groups.length };
}

function groupOfId({ id }: { readonly id: string }): About {
  return { groupIds: [id] };
}

function membership({ personId, groupId }: { readonly personId: string; readonly groupId: string }): About {
  return { groupIds: [groupId], personIds: [personId] };
}

function facesOf(person: Person | undefined): string[] {
  return person?.faces.map(({ id }) => id) ?? [];
}

function present(ids: readonly (string | undefined)[]): string[] {
  return ids.flatMap((id) => (id === undefined || id === '' ? [] : [id]));
}
