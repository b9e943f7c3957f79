import { type LibraryJob, LibraryJobState, type ModelUpgrade, Role } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { TencentError } from '../errors/tencent-error';
import { type FaceModelNames, MODEL_NAMES } from '../face-model-names';
import * as field from '../schema/fields';
import { answered } from './answered';
import { lostFaces } from './lost-faces';

/** How long the link to the faces that failed leads there. */
const LINK_SECONDS = 30 * 60;

export const upgradeGroupFaceModelVersion = action({
  role: Role.ROLE_ADMIN,
  job: 'upgrade',
  request: z.object({
    GroupId: field.groupId,
    FaceModelVersion: z.enum(MODEL_NAMES, { error: 'InvalidParameterValue.FaceModelVersionIllegal' }),
  }),
  response: z.object({ JobId: z.string() }),
  answer: async ({ GroupId: groupId, FaceModelVersion: name }, context) => {
    const { useCases, call, models, links } = context;
    const group = answered((await useCases.library.getGroup({ id: groupId }, call)).group);
    const toVersion = models.versionOf(name);
    // No way back, none to where the group is, and none to a model that the operator did not name.
    if (toVersion === undefined || name <= models.nameOf(group.modelVersion)) {
      throw new TencentError('FailedOperation.GroupCannotUpgrade');
    }
    const failed = await lostFaces({ groupId, toVersion }, context);
    if (failed !== undefined) {
      throw new TencentError(
        'FailedOperation.GroupLostFaces',
        links.link('failed-faces', failed, LINK_SECONDS),
      );
    }
    const { upgrade } = await useCases.libraryJobs.startModelUpgrade({ groupId, toVersion }, call);
    return { JobId: answered(upgrade?.job).id };
  },
});

const jobInfo = z.object({
  JobId: z.string(),
  GroupId: z.string(),
  FromFaceModelVersion: z.string(),
  ToFaceModelVersion: z.string(),
  StartTime: z.int(),
  Status: z.int(),
});

export const getUpgradeGroupFaceModelVersionJobList = action({
  role: Role.ROLE_ADMIN,
  job: 'upgrade',
  request: z.object(field.page(1_000)),
  response: z.object({ JobInfos: z.array(jobInfo), JobNum: z.int() }),
  answer: async (request, { useCases, call, models, pages }) => {
    const list = `upgrades of ${call.origin.principal.keyId}`;
    const { entries, total } = await pages.newest(list, request, async (page) => {
      const {
        upgrades,
        nextCursor,
        total: all,
      } = await useCases.libraryJobs.listModelUpgrades({ page }, call);
      return { entries: upgrades, nextCursor, total: all };
    });
    return { JobInfos: entries.map((upgrade) => infoOf(upgrade, models)), JobNum: total };
  },
});

export const getUpgradeGroupFaceModelVersionResult = action({
  role: Role.ROLE_ADMIN,
  job: 'upgrade',
  request: z.object({ JobId: field.jobId }),
  response: z.object({
    EndTimestamp: z.int(),
    Progress: z.number().min(0).max(100),
    Status: z.int(),
    StartTime: z.int(),
    FromFaceModelVersion: z.string(),
    ToFaceModelVersion: z.string(),
    GroupId: z.string(),
    FailedFacesUrl: z.string(),
  }),
  answer: async ({ JobId: id }, { useCases, call, models, links }) => {
    const upgrade = answered((await useCases.libraryJobs.getModelUpgrade({ id }, call)).upgrade);
    const { JobId: _, ...info } = infoOf(upgrade, models);
    const job = answered(upgrade.job);
    return {
      ...info,
      EndTimestamp: endOf(job),
      Progress: job.progress,
      FailedFacesUrl: upgrade.failedFaces.length > 0 ? links.link('failed-faces', id, LINK_SECONDS) : '',
    };
  },
});

export const revertGroupFaceModelVersion = action({
  role: Role.ROLE_ADMIN,
  job: 'upgrade',
  request: z.object({ JobId: field.jobId }),
  response: z.object({}),
  answer: async ({ JobId: id }, { useCases, call }) => {
    await useCases.libraryJobs.rollBackModelUpgrade({ id }, call);
    return {};
  },
});

function infoOf(upgrade: ModelUpgrade, models: FaceModelNames): z.input<typeof jobInfo> {
  const job = answered(upgrade.job);
  return {
    JobId: job.id,
    GroupId: upgrade.groupId,
    FromFaceModelVersion: models.nameOf(upgrade.fromVersion),
    ToFaceModelVersion: models.nameOf(upgrade.toVersion),
    StartTime: startOf(job),
    Status: statusOf(job.state),
  };
}

/** 0 under way, 1 done, 2 rolled back, 3 failed. */
function statusOf(state: LibraryJobState): number {
  switch (state) {
    case LibraryJobState.LIBRARY_JOB_STATE_QUEUED:
    case LibraryJobState.LIBRARY_JOB_STATE_RUNNING:
      return 0;
    case LibraryJobState.LIBRARY_JOB_STATE_DONE:
      return 1;
    case LibraryJobState.LIBRARY_JOB_STATE_ROLLED_BACK:
      return 2;
    default:
      return 3;
  }
}

function startOf({ startedAt, createdAt }: LibraryJob): number {
  return (startedAt ?? createdAt)?.getTime() ?? 0;
}

/** When the job will be done if it goes on as before; 0 when it has ended. */
function endOf(job: LibraryJob): number {
  if (job.endedAt !== undefined) {
    return 0;
  }
  const now = Date.now();
  const elapsed = now - startOf(job);
  return Math.round(job.progress > 0 ? startOf(job) + (elapsed * 100) / job.progress : now);
}
