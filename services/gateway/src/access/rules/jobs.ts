import { type JobResult, type JobServiceService, Role, type SubmitJobRequest } from '@mien/proto';
import { type About, ANYWHERE, type MethodRules } from '../method-rule';
import { expectGroups } from '../reach';
import { personsFound } from './library';

/** Whose jobs they are is the use cases' to check: a key sees its own, an admin key all. */
const OWN = { role: Role.ROLE_READ, changes: false, reach: ANYWHERE } as const;

export const JOB_RULES: MethodRules<typeof JobServiceService> = {
  uploadPhoto: { ...OWN, about: () => ({}) },
  submitJob: {
    role: Role.ROLE_READ,
    roleFor: ({ work }) =>
      work?.$case === 'enrol' || work?.$case === 'duplicateCheck' ? Role.ROLE_ENROL : Role.ROLE_READ,
    changes: true,
    // Whom its photos enrol or find is checked when they are worked on, with the rights of who submitted them.
    reach: (request, scope) => expectGroups(groupsOf(request), scope),
    about: (request, response) => ({
      groupIds: groupsOf(request),
      personIds: [...new Set(request.photos.flatMap(({ person }) => person?.id ?? []))],
      ...(response?.job === undefined ? {} : { jobId: response.job.id }),
    }),
  },
  getJob: { ...OWN, about: jobOfId },
  listJobs: { ...OWN, about: () => ({}) },
  listJobResults: {
    ...OWN,
    about: ({ id }, response) => ({
      jobId: id,
      personIds: [...new Set(response?.results.flatMap(personsIn) ?? [])],
    }),
  },
  cancelJob: { ...OWN, changes: true, about: jobOfId },
  watchJob: { ...OWN, about: jobOfId },
};

function groupsOf({ work }: SubmitJobRequest): string[] {
  switch (work?.$case) {
    case 'search':
    case 'duplicateCheck':
      return work.value.groupIds;
    case 'enrol':
      return [work.value.groupId];
    default:
      return [];
  }
}

function personsIn({ result }: JobResult): string[] {
  return result?.$case === 'search' ? personsFound(result.value) : [];
}

function jobOfId({ id }: { readonly id: string }): About {
  return { jobId: id };
}
