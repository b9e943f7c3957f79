import { isReason, MienError } from '@mien/errors';
import { sql } from 'kysely';
import { positionOf } from '../../cursor';
import type { Claim, Job, JobFailure, JobStore, Lease } from '../../jobs';
import { isUuid } from '../../naming';
import { cutPage, type Page, type PageRequest, pageSize } from '../../page';
import { change, type LibraryContext, snapshot } from '../context';
import type { InTransaction, JobKind, JobRow } from '../schema';
import { claimJob, lockLeased, renewLease } from './job-lease';

/** What jobs of every kind have in common. */
export abstract class SqlJobStore<J extends Job> implements JobStore<J> {
  constructor(
    protected readonly library: LibraryContext,
    protected readonly kind: JobKind,
  ) {}

  /** The job with what its kind has beside. */
  protected abstract read(trx: InTransaction, row: JobRow): Promise<J>;

  get(id: string): Promise<J> {
    return snapshot(this.library.db, async (trx) => this.read(trx, await this.row(trx, id)));
  }

  list(request: PageRequest): Promise<Page<J>> {
    const size = pageSize(request);
    const after = positionOf(this.kind, request.cursor);
    return snapshot(this.library.db, async (trx) => {
      const all = trx.selectFrom('jobs').where('kind', '=', this.kind);
      const found = await all
        .selectAll()
        .where('seq', '<', after === 0 ? Number.MAX_SAFE_INTEGER : after)
        .orderBy('seq', 'desc')
        .limit(size + 1)
        .execute();
      const { rows, ...next } = cutPage(found, size, this.kind, (row) => Number(row.seq));
      const { count } = await all
        .select((select) => select.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      const entries: J[] = [];
      for (const row of rows) {
        entries.push(await this.read(trx, row));
      }
      return { entries, ...next, total: Number(count) };
    });
  }

  claim(leaseSeconds: number): Promise<Claim<J> | undefined> {
    return change(this.library.db, async (trx) => {
      const row = await claimJob(trx, this.kind, leaseSeconds);
      return row === undefined
        ? undefined
        : {
            job: await this.read(trx, row),
            lease: { jobId: row.id, token: row.lease_token ?? '' },
            cursor: Number(row.position),
            lastFace: Number(row.last_face),
            attempt: row.attempts,
          };
    });
  }

  renew(lease: Lease, leaseSeconds: number): Promise<void> {
    return change(this.library.db, async (trx) =>
      renewLease(trx, await lockLeased(trx, this.kind, lease), leaseSeconds),
    );
  }

  release(lease: Lease): Promise<void> {
    return change(this.library.db, async (trx) => {
      const { seq } = await lockLeased(trx, this.kind, lease);
      await trx
        .updateTable('jobs')
        .set({ state: 'queued', lease_token: null, lease_until: null })
        .where('seq', '=', Number(seq))
        .execute();
    });
  }

  fail(lease: Lease, { reason, message }: JobFailure): Promise<J> {
    return change(this.library.db, async (trx) => {
      const row = await lockLeased(trx, this.kind, lease);
      return this.end(trx, row, { state: 'failed', failure_reason: reason, failure_message: message });
    });
  }

  cancel(id: string): Promise<J> {
    return change(this.library.db, async (trx) => {
      const row = await this.row(trx, id, true);
      if (row.ended_at !== null) {
        throw new MienError('JOB_ENDED', `job ${id} has ended`, { metadata: { jobId: id } });
      }
      return this.end(trx, row, { state: 'cancelled' });
    });
  }

  deleteEnded(before: Date): Promise<number> {
    return change(this.library.db, async (trx) => {
      const gone = await trx
        .deleteFrom('jobs')
        .where('kind', '=', this.kind)
        .where('ended_at', '<', before)
        .returning('seq')
        .execute();
      return gone.length;
    });
  }

  /** A job whose lock is held, in its last state. */
  protected async end(
    trx: InTransaction,
    { seq }: JobRow,
    outcome: Pick<JobRow, 'state'> & Partial<Pick<JobRow, 'failure_reason' | 'failure_message'>>,
  ): Promise<J> {
    const row = await trx
      .updateTable('jobs')
      .set({ ...outcome, lease_token: null, lease_until: null, ended_at: sql`now()` })
      .where('seq', '=', Number(seq))
      .returningAll()
      .executeTakeFirstOrThrow();
    return this.read(trx, row);
  }

  /** Throws JOB_NOT_FOUND. */
  protected async row(trx: InTransaction, id: string, locked = false): Promise<JobRow> {
    const query = trx.selectFrom('jobs').selectAll().where('kind', '=', this.kind).where('id', '=', id);
    const row = isUuid(id) ? await (locked ? query.forUpdate() : query).executeTakeFirst() : undefined;
    if (row === undefined) {
      throw new MienError('JOB_NOT_FOUND', `there is no job ${id}`, { metadata: { jobId: id } });
    }
    return row;
  }
}

/** What jobs of every kind show of themselves. */
export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    groupIds: row.group_ids,
    state: row.state,
    facesDone: Number(row.faces_done),
    facesTotal: Number(row.faces_total),
    ...(row.state === 'failed' ? { failure: failureOf(row) } : {}),
    createdAt: row.created_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}

function failureOf(row: JobRow): JobFailure {
  const reason = row.failure_reason ?? '';
  return { reason: isReason(reason) ? reason : 'INTERNAL', message: row.failure_message ?? '' };
}
