import { checkId } from '../naming';
import { change, type LibraryContext } from './context';
import { countInTotals } from './counts';
import { groupNotFound } from './locks';
import { membershipsChanged } from './outbox-table';
import { removePersons } from './person-removal';
import type { InTransaction } from './schema';

/** Members that one transaction takes out: few enough that others don't wait long for its locks. */
const BATCH = 500;

/** Hides the group at once, then takes its members out in batches, then removes it. */
export async function deleteGroup(library: LibraryContext, id: string): Promise<{ deletedPersons: number }> {
  checkId('id', id);
  await change(library.db, async (trx) => {
    const group = await trx
      .selectFrom('groups')
      .select('deleting')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (group === undefined) {
      throw groupNotFound(id);
    }
    // One that is already being deleted is gone on with: an earlier call may have failed half way.
    if (!group.deleting) {
      await trx.updateTable('groups').set({ deleting: true }).where('id', '=', id).execute();
      await countInTotals(trx, library.limits, { groups: -1 });
    }
  });
  return { deletedPersons: await finishDeletion(library, id) };
}

/** Goes on with deletions that a crash broke off. */
export async function finishDeletions(library: LibraryContext): Promise<void> {
  const rows = await library.db.selectFrom('groups').select('id').where('deleting', '=', true).execute();
  for (const { id } of rows) {
    await finishDeletion(library, id);
  }
}

async function finishDeletion(library: LibraryContext, id: string): Promise<number> {
  let deleted = 0;
  for (;;) {
    const batch = await change(library.db, (trx) => takeMembersOut(library, trx, id));
    deleted += batch.deleted;
    if (batch.empty) {
      return deleted;
    }
  }
}

async function takeMembersOut(
  library: LibraryContext,
  trx: InTransaction,
  groupId: string,
): Promise<{ deleted: number; empty: boolean }> {
  const members = await trx
    .selectFrom('memberships')
    .select('person_id')
    .where('group_id', '=', groupId)
    .limit(BATCH)
    .execute();
  if (members.length === 0) {
    await trx.deleteFrom('groups').where('id', '=', groupId).execute();
    return { deleted: 0, empty: true };
  }
  const ids = members.map((row) => row.person_id);
  const locked = await trx
    .selectFrom('persons')
    .select('id')
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
  const present = locked.map((row) => row.id);
  if (present.length === 0) {
    return { deleted: 0, empty: false };
  }
  const left = await trx
    .deleteFrom('memberships')
    .where('group_id', '=', groupId)
    .where('person_id', 'in', present)
    .returning('person_id')
    .execute();
  const staying = await trx
    .selectFrom('memberships')
    .select('person_id')
    .distinct()
    .where('person_id', 'in', present)
    .execute();
  const stayingIds = new Set(staying.map((row) => row.person_id));
  const outIds = left.map((row) => row.person_id);
  await membershipsChanged(
    trx,
    outIds.filter((id) => stayingIds.has(id)),
  );
  const goneIds = outIds.filter((id) => !stayingIds.has(id));
  await removePersons(trx, library.limits, goneIds);
  return { deleted: goneIds.length, empty: false };
}
