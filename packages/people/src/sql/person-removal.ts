import type { LibraryLimits } from '../limits';
import { checkId } from '../naming';
import { change, type LibraryContext } from './context';
import { countInGroups, countInTotals } from './counts';
import { lockGroupsOf, lockPerson } from './locks';
import { facesRemoved } from './outbox-table';
import type { InTransaction } from './schema';

export async function deletePerson(library: LibraryContext, id: string): Promise<void> {
  checkId('id', id);
  await change(library.db, async (trx) => {
    await lockPerson(trx, id);
    await removeWholly(trx, library.limits, id);
  });
}

/** Removes a person whose lock is held from every group and altogether. */
export async function removeWholly(trx: InTransaction, limits: LibraryLimits, id: string): Promise<void> {
  const groups = await lockGroupsOf(trx, id);
  await countInGroups(
    trx,
    groups.map((group) => group.id),
    -1,
    -(await countFaces(trx, id)),
  );
  await removePersons(trx, limits, [id]);
}

/** Removes persons whose locks are held, with faces, templates and memberships; groups' counts are the caller's. */
export async function removePersons(
  trx: InTransaction,
  limits: LibraryLimits,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) {
    return;
  }
  // Templates follow by their foreign key.
  const faces = await trx
    .deleteFrom('faces')
    .where('person_id', 'in', ids)
    .returning(['id', 'person_id', 'crop_key', 'photo_key'])
    .execute();
  await facesRemoved(trx, faces);
  await trx.deleteFrom('persons').where('id', 'in', ids).execute();
  await countInTotals(trx, limits, { persons: -ids.length, faces: -faces.length });
}

export async function countFaces(trx: InTransaction, personId: string): Promise<number> {
  const row = await trx
    .selectFrom('faces')
    .select((select) => select.fn.countAll().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
