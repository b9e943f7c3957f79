import { MienError } from '@mien/errors';
import { type Candidate, LibraryJobServiceService, LibraryServiceService, type Person } from '@mien/proto';
import type { Scope } from './method-rule';

/** Throws GROUP_FORBIDDEN for a group that the key does not reach, whether there is such a group or not. */
export function expectGroups(groupIds: readonly string[], scope: Scope): void {
  const other = groupIds.find((id) => !scope.groupIds.includes(id));
  if (other !== undefined) {
    throw new MienError('GROUP_FORBIDDEN', `the key does not reach group ${other}`, {
      metadata: { groupId: other },
    });
  }
}

/** Throws PERSON_NOT_FOUND for somebody who is in none of the key's groups. */
export async function expectSeen(personId: string, scope: Scope): Promise<void> {
  await groupsOf(personId, scope);
}

/**
 * As expectSeen, for what changes somebody wherever they are: throws GROUP_FORBIDDEN when they are in other groups, too,
 * without telling which.
 */
export async function expectOwned(personId: string, scope: Scope): Promise<void> {
  const groupIds = await groupsOf(personId, scope);
  if (!groupIds.every((id) => scope.groupIds.includes(id))) {
    throw new MienError('GROUP_FORBIDDEN', `${personId} is in groups, too, that the key does not reach`, {
      metadata: { personId },
    });
  }
}

/** Throws JOB_NOT_FOUND for a duplicate check of other groups. */
export async function expectCheck(id: string, { library, groupIds, call }: Scope): Promise<void> {
  const answer = await library?.call(LibraryJobServiceService.getDuplicateCheck, { id }, call);
  if (answer?.check === undefined || !answer.check.groupIds.every((group) => groupIds.includes(group))) {
    throw new MienError('JOB_NOT_FOUND', `there is no job ${id}`, { metadata: { jobId: id } });
  }
}

/** Without what is in groups that the key does not reach. */
export function personWithin<P extends Person | undefined>(person: P, { groupIds }: Scope): P {
  return person === undefined
    ? person
    : {
        ...person,
        memberships: person.memberships.filter(({ groupId }) => groupIds.includes(groupId)),
      };
}

export function candidatesWithin(candidates: readonly Candidate[], scope: Scope): Candidate[] {
  return candidates.map((candidate) => ({ ...candidate, person: personWithin(candidate.person, scope) }));
}

async function groupsOf(personId: string, { library, groupIds, call }: Scope): Promise<string[]> {
  const answer = await library?.call(LibraryServiceService.getPerson, { id: personId }, call);
  const groups = answer?.person?.memberships.map(({ groupId }) => groupId) ?? [];
  if (!groups.some((id) => groupIds.includes(id))) {
    throw new MienError('PERSON_NOT_FOUND', `there is no person ${personId}`, { metadata: { personId } });
  }
  return groups;
}
