import { sql } from 'kysely';
import { type LibraryLimits, limitReached } from '../limits';
import type { LibraryTotals } from '../people-store';
import type { Database, InTransaction } from './schema';

/** Adds to the counts of groups whose locks are held. */
export async function countInGroups(
  trx: InTransaction,
  groupIds: readonly string[],
  persons: number,
  faces: number,
): Promise<void> {
  if (groupIds.length === 0) {
    return;
  }
  await trx
    .updateTable('groups')
    .set({
      person_count: sql`person_count + ${persons}::bigint`,
      face_count: sql`face_count + ${faces}::bigint`,
    })
    .where('id', 'in', groupIds)
    .execute();
}

/** The last thing that a transaction does: all writers of the library meet here. Throws LIMIT_REACHED. */
export async function countInTotals(
  trx: InTransaction,
  limits: LibraryLimits,
  added: Partial<LibraryTotals>,
): Promise<void> {
  const { groups = 0, persons = 0, faces = 0 } = added;
  const counted = await trx
    .updateTable('totals')
    .set({
      group_count: sql`group_count + ${groups}::bigint`,
      person_count: sql`person_count + ${persons}::bigint`,
      face_count: sql`face_count + ${faces}::bigint`,
    })
    .returning(['group_count', 'face_count'])
    .executeTakeFirstOrThrow();
  if (groups > 0 && Number(counted.group_count) > limits.groups) {
    throw limitReached(limits, 'groups');
  }
  if (faces > 0 && Number(counted.face_count) > limits.faces) {
    throw limitReached(limits, 'faces');
  }
}

export async function readTotals(db: Database): Promise<LibraryTotals> {
  const row = await db
    .selectFrom('totals')
    .select(['group_count', 'person_count', 'face_count'])
    .executeTakeFirstOrThrow();
  return {
    groups: Number(row.group_count),
    persons: Number(row.person_count),
    faces: Number(row.face_count),
  };
}
