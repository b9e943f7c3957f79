import { MienError } from '@mien/errors';
import type { JobProgress, Lease } from '../../jobs';
import type { FailedFace, ModelUpgrade, ModelUpgradeStore, NewModelUpgrade } from '../../model-upgrades';
import type { NewTemplate } from '../../model-versions';
import { checkModelVersion, invalid } from '../../naming';
import type { Page, PageRequest } from '../../page';
import { change, type LibraryContext, snapshot } from '../context';
import { holdFaces, holdVersion, lockGroups } from '../locks';
import {
  notReversible,
  prepareSwitch,
  readStart,
  rollBackGroups,
  switchGroups,
} from '../model-version-table';
import type { InTransaction, JobRow } from '../schema';
import { checkTemplates, insertTemplates } from '../template-adding';
import { checkFailed, countFailed, forgetFailed, listFailed, saveFailed } from './failed-face-table';
import { checkJobGroups, insertJob } from './job-creation';
import { lockLeased, saveProgress } from './job-lease';
import { jobOf, SqlJobStore } from './sql-job-store';

export class SqlModelUpgrades extends SqlJobStore<ModelUpgrade> implements ModelUpgradeStore {
  constructor(library: LibraryContext) {
    super(library, 'model-upgrade');
  }

  async create({ groupIds, toVersion }: NewModelUpgrade): Promise<ModelUpgrade> {
    checkJobGroups(groupIds);
    checkModelVersion('toVersion', toVersion);
    return change(this.library.db, async (trx) => {
      await holdVersion(trx, toVersion);
      const details = { to_version: toVersion };
      const row = await insertJob(trx, { kind: this.kind, groupIds, rivals: 'any of the groups', details });
      if (row.model_version === toVersion) {
        throw invalid('toVersion', 'the groups are of this version as it is');
      }
      return this.read(trx, row);
    });
  }

  async save(
    lease: Lease,
    progress: JobProgress & {
      readonly templates: readonly NewTemplate[];
      readonly failed: readonly FailedFace[];
    },
    leaseSeconds: number,
  ): Promise<void> {
    checkTemplates(progress.templates);
    checkFailed(progress.failed);
    await change(this.library.db, async (trx) => {
      const job = await lockLeased(trx, this.kind, lease);
      // All at once, in the order in which everybody takes them.
      await holdFaces(
        trx,
        [...progress.templates, ...progress.failed].map((face) => face.faceId),
      );
      await forgetFailed(trx, job, await insertTemplates(this.library, trx, progress.templates));
      await saveFailed(trx, job, progress.failed);
      await saveProgress(trx, job, progress, leaseSeconds);
    });
  }

  async finish(lease: Lease): Promise<ModelUpgrade> {
    const { groupIds } = await change(this.library.db, async (trx) =>
      jobOf(await lockLeased(trx, this.kind, lease)),
    );
    const start = await readStart(this.library, groupIds);
    return change(this.library.db, async (trx) => {
      const job = await lockLeased(trx, this.kind, lease);
      const to = targetOf(job);
      await prepareSwitch(trx, groupIds, to);
      const groups = [...(await lockGroups(trx, groupIds)).values()];
      await switchGroups(trx, { groups, from: job.model_version, to, start });
      return this.end(trx, job, { state: 'done' });
    });
  }

  rollBack(id: string): Promise<ModelUpgrade> {
    return change(this.library.db, async (trx) => {
      const job = await this.row(trx, id, true);
      if (job.state !== 'done') {
        throw job.state === 'rolled-back'
          ? notReversible('the upgrade was rolled back before')
          : new MienError('JOB_NOT_DONE', 'only an upgrade that is done can be rolled back');
      }
      await holdVersion(trx, job.model_version);
      const groups = [...(await lockGroups(trx, job.group_ids)).values()];
      const other = groups.find(
        (group) => group.model_version !== job.to_version || group.previous_version !== job.model_version,
      );
      if (groups.length === 0 || other !== undefined) {
        throw notReversible(`group ${other?.id ?? job.group_ids[0] ?? ''} is not as the upgrade left it`);
      }
      await rollBackGroups(trx, groups);
      return this.end(trx, job, { state: 'rolled-back' });
    });
  }

  failedFaces(id: string, page: PageRequest): Promise<Page<FailedFace>> {
    return snapshot(this.library.db, async (trx) => listFailed(trx, await this.row(trx, id), page));
  }

  protected async read(trx: InTransaction, row: JobRow): Promise<ModelUpgrade> {
    return {
      ...jobOf(row),
      fromVersion: row.model_version,
      toVersion: targetOf(row),
      facesFailed: await countFailed(trx, row),
    };
  }
}

function targetOf(row: JobRow): string {
  return row.to_version ?? row.model_version;
}
