import { MienError } from '@mien/errors';
import { type RawBuilder, sql } from 'kysely';
import { checkIds, invalid } from '../../naming';
import { versionsDiffer } from '../face-table';
import { groupNotFound, lockGroups } from '../locks';
import type { GroupRow, InTransaction, JobKind, JobRow, NewJobRow } from '../schema';

const MOST_GROUPS = 100;

interface JobOutline {
  readonly kind: JobKind;
  /** A UUID, by which the job is known when it is to be made again; made unless given. */
  readonly id?: string | undefined;
  readonly groupIds: readonly string[];
  /** Which of the unfinished jobs of the kind stand against a new one. */
  readonly rivals: 'same groups' | 'any of the groups';
  readonly details: Pick<NewJobRow, 'to_version' | 'minimum_score'>;
}

/**
 * A job that waits, or the one that was made with the id before. The locks of its groups keep others from making one
 * over the same groups meanwhile. Throws GROUP_NOT_FOUND, MODEL_VERSIONS_DIFFER, JOB_ALREADY_RUNNING, and CONFLICT for
 * an id that another job has.
 */
export async function insertJob(trx: InTransaction, job: JobOutline): Promise<JobRow> {
  const groupIds = [...new Set(job.groupIds)].sort();
  const groups = await lockGroups(trx, groupIds);
  const before = job.id === undefined ? undefined : await madeBefore(trx, job.id, { ...job, groupIds });
  if (before !== undefined) {
    return before;
  }
  const missing = groupIds.find((id) => !groups.has(id));
  if (missing !== undefined) {
    throw groupNotFound(missing);
  }
  await expectNoRival(trx, job.kind, sql`group_ids ${sql.raw(OPERATOR[job.rivals])} ${groupIds}::text[]`);
  return trx
    .insertInto('jobs')
    .values({
      ...(job.id === undefined ? {} : { id: job.id }),
      kind: job.kind,
      group_ids: groupIds,
      model_version: oneVersion([...groups.values()]),
      ...job.details,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function madeBefore(trx: InTransaction, id: string, job: JobOutline): Promise<JobRow | undefined> {
  const row = await trx.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  const same =
    row?.kind === job.kind &&
    row.group_ids.join() === job.groupIds.join() &&
    row.minimum_score === (job.details.minimum_score ?? null);
  if (row !== undefined && !same) {
    throw new MienError('CONFLICT', `the id ${id} is that of another job`, { metadata: { jobId: id } });
  }
  return row;
}

/** Throws ARGUMENT_INVALID. */
export function checkJobGroups(groupIds: readonly string[]): void {
  checkIds('groupIds', groupIds);
  if (groupIds.length === 0 || groupIds.length > MOST_GROUPS) {
    throw invalid('groupIds', `1 to ${MOST_GROUPS} groups`);
  }
}

const OPERATOR = { 'same groups': '=', 'any of the groups': '&&' } as const;

async function expectNoRival(
  trx: InTransaction,
  kind: JobKind,
  condition: RawBuilder<boolean | unknown>,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs where kind = ${kind} and ended_at is null and ${condition} limit 1`.execute(trx);
  const [rival] = rows;
  if (rival !== undefined) {
    throw new MienError('JOB_ALREADY_RUNNING', `job ${rival.id} over these groups has not ended yet`, {
      metadata: { jobId: rival.id },
    });
  }
}

/** Throws MODEL_VERSIONS_DIFFER. */
export function oneVersion(groups: readonly GroupRow[]): string {
  const [first, ...others] = groups;
  const other = others.find((group) => group.model_version !== first?.model_version);
  if (first === undefined || other !== undefined) {
    throw versionsDiffer(other?.id ?? '', other?.model_version ?? '', first?.model_version ?? '');
  }
  return first.model_version;
}
