import { type LibraryJobServiceService, type ModelUpgrade, Role } from '@mien/proto';
import { type About, ANYWHERE, type MethodRules } from '../method-rule';
import { expectCheck, expectGroups } from '../reach';

const READ = { role: Role.ROLE_READ, changes: false } as const;
const ENROL = { role: Role.ROLE_ENROL, changes: true } as const;
/** Admin keys have no limits, so nothing keeps them from a group. */
const ADMIN = { role: Role.ROLE_ADMIN, changes: false, reach: ANYWHERE } as const;

export const LIBRARY_JOB_RULES: MethodRules<typeof LibraryJobServiceService> = {
  estimateDuplicateCheck: {
    ...READ,
    reach: ({ groupIds }, scope) => expectGroups(groupIds, scope),
    about: ({ groupIds }) => ({ groupIds }),
  },
  startDuplicateCheck: {
    ...ENROL,
    reach: ({ groupIds }, scope) => expectGroups(groupIds, scope),
    about: ({ groupIds }, response) => ({ groupIds, ...jobId(response?.check?.job?.id) }),
  },
  getDuplicateCheck: {
    ...READ,
    reach: ({ id }, scope) => expectCheck(id, scope),
    about: jobOfId,
  },
  listDuplicateChecks: {
    ...READ,
    reach: ANYWHERE,
    // Pages get shorter by what is left out; the total tells no more than what is on this one.
    shown: (response, { groupIds }) => {
      const checks = response.checks.filter((check) => check.groupIds.every((id) => groupIds.includes(id)));
      return { ...response, checks, total: checks.length };
    },
    about: () => ({}),
  },
  cancelDuplicateCheck: {
    ...ENROL,
    reach: ({ id }, scope) => expectCheck(id, scope),
    about: jobOfId,
  },
  listDuplicatePairs: {
    ...READ,
    reach: ({ id }, scope) => expectCheck(id, scope),
    about: ({ id }, response) => ({
      jobId: id,
      personIds: unique(
        response?.pairs.flatMap(({ first, second }) => [first?.personId, second?.personId]) ?? [],
      ),
    }),
  },
  listDuplicateClusters: {
    ...READ,
    reach: ({ id }, scope) => expectCheck(id, scope),
    about: ({ id }, response) => ({
      jobId: id,
      personIds: unique(response?.clusters.flatMap(({ personIds }) => personIds) ?? []),
    }),
  },
  startModelUpgrade: {
    ...ADMIN,
    changes: true,
    about: ({ groupId }, response) => ({ ...upgraded(response?.upgrade), groupIds: [groupId] }),
  },
  getModelUpgrade: { ...ADMIN, about: jobOfId },
  listModelUpgrades: { ...ADMIN, about: () => ({}) },
  cancelModelUpgrade: { ...ADMIN, changes: true, about: jobOfId },
  rollBackModelUpgrade: { ...ADMIN, changes: true, about: jobOfId },
};

function jobOfId({ id }: { readonly id: string }): About {
  return { jobId: id };
}

function jobId(id: string | undefined): About {
  return id === undefined ? {} : { jobId: id };
}

function upgraded(upgrade: ModelUpgrade | undefined): About {
  return jobId(upgrade?.job?.id);
}

function unique(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}
