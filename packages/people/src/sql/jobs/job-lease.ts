import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import type { JobProgress, Lease } from '../../jobs';
import { invalid, isUuid } from '../../naming';
import { facesOfGroups } from '../library-size';
import type { InTransaction, JobKind, JobRow } from '../schema';

const LONGEST_LEASE_SECONDS = 86_400;

export function checkLease(leaseSeconds: number): void {
  if (!(leaseSeconds > 0 && leaseSeconds <= LONGEST_LEASE_SECONDS)) {
    throw invalid('leaseSeconds', `up to ${LONGEST_LEASE_SECONDS} seconds`);
  }
}

/** Takes on the oldest job that nobody works on; others that look at the same time pass it by. */
export async function claimJob(
  trx: InTransaction,
  kind: JobKind,
  leaseSeconds: number,
): Promise<JobRow | undefined> {
  checkLease(leaseSeconds);
  const waiting = await trx
    .selectFrom('jobs')
    .selectAll()
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('state', '=', 'queued'), where('lease_until', '<', sql<Date>`now()`)]))
    .orderBy('seq')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (waiting === undefined) {
    return undefined;
  }
  return trx
    .updateTable('jobs')
    .set({
      state: 'running',
      attempts: Number(waiting.attempts) + 1,
      lease_token: sql`gen_random_uuid()`,
      lease_until: until(leaseSeconds),
      ...(waiting.started_at === null ? await start(trx, waiting.group_ids) : {}),
    })
    .where('seq', '=', Number(waiting.seq))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The library as it is when the job is started, not when it was made. */
async function start(trx: InTransaction, groupIds: readonly string[]) {
  const last = await trx.selectFrom('faces').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return {
    started_at: sql<Date>`now()`,
    last_face: Number(last?.seq ?? 0),
    faces_total: await facesOfGroups(trx, groupIds),
  };
}

/** The job, kept from others, if the lease is still good. Throws JOB_LOST. */
export async function lockLeased(trx: InTransaction, kind: JobKind, lease: Lease): Promise<JobRow> {
  const readable = isUuid(lease.jobId) && isUuid(lease.token);
  const row = readable
    ? await trx
        .selectFrom('jobs')
        .selectAll()
        .where('id', '=', lease.jobId)
        .where('kind', '=', kind)
        .where('state', '=', 'running')
        .where('lease_token', '=', lease.token)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (row === undefined) {
    throw new MienError('JOB_LOST', 'the job was cancelled, or another goes on with it', {
      metadata: { jobId: lease.jobId },
    });
  }
  return row;
}

/** Of a job whose lock is held. */
export async function saveProgress(
  trx: InTransaction,
  job: JobRow,
  { cursor, facesDone }: JobProgress,
  leaseSeconds: number,
): Promise<void> {
  checkLease(leaseSeconds);
  if (![cursor, facesDone].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw invalid('progress', 'cursor and facesDone are whole numbers');
  }
  await trx
    .updateTable('jobs')
    .set({ position: cursor, faces_done: facesDone, lease_until: until(leaseSeconds) })
    .where('seq', '=', Number(job.seq))
    .execute();
}

export async function renewLease(trx: InTransaction, job: JobRow, leaseSeconds: number): Promise<void> {
  checkLease(leaseSeconds);
  await trx
    .updateTable('jobs')
    .set({ lease_until: until(leaseSeconds) })
    .where('seq', '=', Number(job.seq))
    .execute();
}

function until(leaseSeconds: number) {
  return sql<Date>`now() + ${leaseSeconds}::float8 * interval '1 second'`;
}
