import { sql } from 'kysely';
import { checkIds } from '../naming';
import type { GroupSize } from '../people-store';
import { type LibraryContext, snapshot } from './context';
import type { InTransaction } from './schema';

/** Persons and faces of some groups, those that several share counted once. */
export function sizeOfGroups(library: LibraryContext, groupIds: readonly string[]): Promise<GroupSize> {
  checkIds('groupIds', groupIds);
  return snapshot(library.db, (trx) => readSize(trx, groupIds));
}

export async function facesOfGroups(trx: InTransaction, groupIds: readonly string[]): Promise<number> {
  return (await readSize(trx, groupIds)).faces;
}

async function readSize(trx: InTransaction, groupIds: readonly string[]): Promise<GroupSize> {
  const [only, ...others] = [...new Set(groupIds)];
  if (only !== undefined && others.length === 0) {
    const group = await trx
      .selectFrom('groups')
      .select(['person_count', 'face_count'])
      .where('id', '=', only)
      .where('deleting', '=', false)
      .executeTakeFirst();
    return { persons: Number(group?.person_count ?? 0), faces: Number(group?.face_count ?? 0) };
  }
  const { rows } = await sql<{ persons: string; faces: string }>`
    with members as (
      select distinct person_id from memberships m join groups g on g.id = m.group_id
      where m.group_id = any(${groupIds}::text[]) and not g.deleting
    )
    select (select count(*) from members) as persons,
      (select count(*) from members join faces using (person_id)) as faces`.execute(trx);
  return { persons: Number(rows[0]?.persons ?? 0), faces: Number(rows[0]?.faces ?? 0) };
}
