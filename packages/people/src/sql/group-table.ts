import { sql } from 'kysely';
import { positionOf } from '../cursor';
import type { Group, GroupChanges, IndexedValue, NewGroup } from '../groups';
import { limitReached } from '../limits';
import {
  checkFieldNames,
  checkId,
  checkIds,
  checkModelVersion,
  checkName,
  checkTag,
  invalid,
} from '../naming';
import { cutPage, type Page, type PageRequest, pageSize } from '../page';
import { change, type LibraryContext, snapshot } from './context';
import { countInTotals, readTotals } from './counts';
import { groupNotFound, holdVersion, lockGroup } from './locks';
import type { Database, GroupRow } from './schema';

const LIST = 'groups';

export async function createGroup(library: LibraryContext, group: NewGroup): Promise<Group> {
  const { id, name, tag = '', fieldNames = [], modelVersion } = group;
  checkId('id', id);
  checkName('name', name);
  checkTag('tag', tag);
  checkFields(library, fieldNames);
  checkModelVersion('modelVersion', modelVersion);
  return change(library.db, async (trx) => {
    await holdVersion(trx, modelVersion);
    // Counted first: the row of totals keeps other creations waiting, so that positions in the list are given in the
    // order in which groups appear in it, and no page passes one by.
    await countInTotals(trx, library.limits, { groups: 1 });
    const row = await trx
      .insertInto('groups')
      .values({ id, name, tag, field_names: [...fieldNames], model_version: modelVersion })
      .returningAll()
      .executeTakeFirstOrThrow();
    return groupOf(row);
  });
}

export async function getGroup(db: Database, id: string): Promise<Group> {
  checkId('id', id);
  const [group] = await getGroups(db, [id]);
  if (group === undefined) {
    throw groupNotFound(id);
  }
  return group;
}

export async function getGroups(db: Database, ids: readonly string[]): Promise<readonly Group[]> {
  checkIds('ids', ids);
  const rows = await db
    .selectFrom('groups')
    .selectAll()
    .where('id', '=', (any) => any.fn('any', [any.val(ids)]))
    .where('deleting', '=', false)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, groupOf(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export async function listGroups(library: LibraryContext, request: PageRequest): Promise<Page<Group>> {
  const size = pageSize(request);
  const after = positionOf(LIST, request.cursor);
  return snapshot(library.db, async (trx) => {
    const found = await trx
      .selectFrom('groups')
      .selectAll()
      .where('seq', '>', after)
      .where('deleting', '=', false)
      .orderBy('seq')
      .limit(size + 1)
      .execute();
    const { rows, ...next } = cutPage(found, size, LIST, (row) => Number(row.seq));
    return { entries: rows.map(groupOf), ...next, total: (await readTotals(trx)).groups };
  });
}

export async function updateGroup(
  library: LibraryContext,
  id: string,
  changes: GroupChanges,
): Promise<Group> {
  checkId('id', id);
  if (changes.name !== undefined) {
    checkName('name', changes.name);
  }
  if (changes.tag !== undefined) {
    checkTag('tag', changes.tag);
  }
  return change(library.db, async (trx) => {
    const before = await lockGroup(trx, id);
    const fieldNames = withValues(before.field_names, changes.fieldNames ?? []);
    checkFields(library, fieldNames);
    const row = await trx
      .updateTable('groups')
      .set({
        name: changes.name ?? before.name,
        tag: changes.tag ?? before.tag,
        field_names: fieldNames,
        updated_at: sql`now()`,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return groupOf(row);
  });
}

/** The names with some replaced or added behind the last; no index may leave a gap. */
function withValues(names: readonly string[], changes: readonly IndexedValue[]): string[] {
  const result = [...names];
  for (const { index, value } of [...changes].sort((a, b) => a.index - b.index)) {
    if (!Number.isInteger(index) || index < 0 || index > result.length) {
      throw invalid('fieldNames', `the index may be 0..${result.length}`);
    }
    result[index] = value;
  }
  return result;
}

function checkFields({ limits }: LibraryContext, names: readonly string[]): void {
  if (names.length > limits.fieldsPerGroup) {
    throw limitReached(limits, 'fieldsPerGroup');
  }
  checkFieldNames('fieldNames', names);
}

function groupOf(row: GroupRow): Group {
  return {
    id: row.id,
    name: row.name,
    tag: row.tag,
    fieldNames: row.field_names,
    modelVersion: row.model_version,
    ...(row.previous_version === null ? {} : { previousModelVersion: row.previous_version }),
    personCount: Number(row.person_count),
    faceCount: Number(row.face_count),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
