import type {
  DuplicateCheck,
  DuplicateCheckStore,
  DuplicatePair,
  NewDuplicateCheck,
} from '../../duplicate-checks';
import type { JobProgress, Lease } from '../../jobs';
import { invalid, isUuid } from '../../naming';
import type { Page, PageRequest } from '../../page';
import { change, type LibraryContext, snapshot } from '../context';
import type { InTransaction, JobRow } from '../schema';
import { checkPairs, countPairs, listPairs, savePairs } from './duplicate-pair-table';
import { checkJobGroups, insertJob } from './job-creation';
import { lockLeased, saveProgress } from './job-lease';
import { jobOf, SqlJobStore } from './sql-job-store';

export class SqlDuplicateChecks extends SqlJobStore<DuplicateCheck> implements DuplicateCheckStore {
  constructor(library: LibraryContext) {
    super(library, 'duplicate-check');
  }

  async create({ id, groupIds, minimumScore }: NewDuplicateCheck): Promise<DuplicateCheck> {
    checkJobGroups(groupIds);
    if (id !== undefined && !isUuid(id)) {
      throw invalid('id', 'a UUID in lower case');
    }
    if (!Number.isFinite(minimumScore)) {
      throw invalid('minimumScore', 'a finite number');
    }
    return change(this.library.db, async (trx) => {
      const details = { minimum_score: minimumScore };
      return this.read(
        trx,
        await insertJob(trx, { kind: this.kind, id, groupIds, rivals: 'same groups', details }),
      );
    });
  }

  async save(
    lease: Lease,
    progress: JobProgress & { readonly pairs: readonly DuplicatePair[] },
    leaseSeconds: number,
  ): Promise<void> {
    checkPairs(progress.pairs);
    await change(this.library.db, async (trx) => {
      const job = await lockLeased(trx, this.kind, lease);
      await savePairs(trx, job, progress.pairs);
      await saveProgress(trx, job, progress, leaseSeconds);
    });
  }

  finish(lease: Lease): Promise<DuplicateCheck> {
    return change(this.library.db, async (trx) =>
      this.end(trx, await lockLeased(trx, this.kind, lease), { state: 'done' }),
    );
  }

  pairs(id: string, page: PageRequest): Promise<Page<DuplicatePair>> {
    return snapshot(this.library.db, async (trx) => listPairs(trx, await this.row(trx, id), page));
  }

  protected async read(trx: InTransaction, row: JobRow): Promise<DuplicateCheck> {
    return {
      ...jobOf(row),
      modelVersion: row.model_version,
      minimumScore: row.minimum_score ?? 0,
      pairsFound: await countPairs(trx, row),
    };
  }
}
