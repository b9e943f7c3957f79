import { type LibraryJob, LibraryJobState, Role, StartDuplicateCheckRequest } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { TencentError } from '../errors/tencent-error';
import * as field from '../schema/fields';
import { answered } from './answered';

const MOST_GROUPS = 10;
/** How long the link to a result leads there. */
const LINK_SECONDS = 5 * 60;

/** 1 finds more, and more that are not one person; 2 fewer of both: our usual score. */
const MINIMUM_SCORES: ReadonlyMap<number, number> = new Map([
  [1, 60],
  [2, 70],
]);

const groups = { GroupIds: field.groupIds(MOST_GROUPS) };

export const estimateCheckSimilarPersonCostTime = action({
  role: Role.ROLE_READ,
  job: 'similar-persons',
  request: z.object(groups),
  response: z.object({ EstimatedTimeCost: z.int() }),
  answer: async ({ GroupIds: groupIds }, { useCases, call }) => {
    const { estimatedSeconds } = await useCases.libraryJobs.estimateDuplicateCheck({ groupIds }, call);
    return { EstimatedTimeCost: Math.ceil(estimatedSeconds / 60) };
  },
});

export const checkSimilarPerson = action({
  role: Role.ROLE_ENROL,
  job: 'similar-persons',
  request: z.object({
    ...groups,
    UniquePersonControl: field.integer(1, 2, 'InvalidParameterValue.UniquePersonControlIllegal'),
  }),
  response: z.object({ JobId: z.string() }),
  answer: async ({ GroupIds: groupIds, UniquePersonControl: control }, context) => {
    const { useCases, call, longestCheckSeconds } = context;
    const { estimatedSeconds } = await useCases.libraryJobs.estimateDuplicateCheck({ groupIds }, call);
    if (estimatedSeconds > longestCheckSeconds) {
      throw new TencentError('FailedOperation.CheckSimilarPersonTimeExceed');
    }
    const minimumScore = MINIMUM_SCORES.get(control);
    const { check } = await useCases.libraryJobs.startDuplicateCheck(
      StartDuplicateCheckRequest.fromPartial({
        groupIds,
        ...(minimumScore === undefined ? {} : { minimumScore }),
      }),
      call,
    );
    return { JobId: answered(check?.job).id };
  },
});

const jobIdInfo = z.object({ JobId: z.string(), StartTime: z.int(), JobStatus: z.int() });

export const getCheckSimilarPersonJobIdList = action({
  role: Role.ROLE_READ,
  job: 'similar-persons',
  request: z.object(field.page(1_000)),
  response: z.object({ JobIdInfos: z.array(jobIdInfo), JobIdNum: z.int() }),
  answer: async (request, { useCases, call, pages }) => {
    const list = `duplicate checks of ${call.origin.principal.keyId}`;
    const { entries, total } = await pages.newest(list, request, async (page) => {
      const {
        checks,
        nextCursor,
        total: all,
      } = await useCases.libraryJobs.listDuplicateChecks({ page }, call);
      return { entries: checks, nextCursor, total: all };
    });
    return { JobIdInfos: entries.map((check) => infoOf(answered(check.job))), JobIdNum: total };
  },
});

function infoOf(job: LibraryJob): z.input<typeof jobIdInfo> {
  return {
    JobId: job.id,
    StartTime: (job.startedAt ?? job.createdAt)?.getTime() ?? 0,
    JobStatus: statusOf(job.state),
  };
}

/** 0 done, 1 not yet, 2 failed. */
function statusOf(state: LibraryJobState): number {
  switch (state) {
    case LibraryJobState.LIBRARY_JOB_STATE_DONE:
      return 0;
    case LibraryJobState.LIBRARY_JOB_STATE_QUEUED:
    case LibraryJobState.LIBRARY_JOB_STATE_RUNNING:
      return 1;
    default:
      return 2;
  }
}

export const getSimilarPersonResult = action({
  role: Role.ROLE_READ,
  job: 'similar-persons',
  request: z.object({ JobId: field.jobId }),
  response: z.object({ Progress: z.number().min(0).max(100), SimilarPersonsUrl: z.string() }),
  answer: async ({ JobId: id }, { useCases, call, links }) => {
    const { check } = await useCases.libraryJobs.getDuplicateCheck({ id }, call);
    const { progress } = answered(check?.job);
    return {
      Progress: progress,
      SimilarPersonsUrl: progress === 100 ? links.link('similar-persons', id, LINK_SECONDS) : '',
    };
  },
});
