import { asMienError, MienError } from '@mien/errors';
import { sql } from 'kysely';
import type { IndexedValue } from '../groups';
import { limitReached } from '../limits';
import { checkFieldValue, checkId, checkIds, invalid } from '../naming';
import type { GroupRefusal, JoinResult, Membership } from '../persons';
import { change, type LibraryContext } from './context';
import { countInGroups } from './counts';
import { checkRoom } from './face-table';
import { groupNotFound, lockGroup, lockGroups, lockPerson } from './locks';
import { membershipsChanged } from './outbox-table';
import { membershipOf } from './person-reading';
import { countFaces, removeWholly } from './person-removal';
import { touch } from './person-table';
import type { GroupRow, InTransaction } from './schema';

export async function addToGroups(
  library: LibraryContext,
  personId: string,
  groupIds: readonly string[],
): Promise<JoinResult> {
  checkId('personId', personId);
  checkIds('groupIds', groupIds);
  const wanted = [...new Set(groupIds)];
  if (wanted.length === 0) {
    throw invalid('groupIds', 'at least one group is needed');
  }
  return change(library.db, async (trx) => {
    await lockPerson(trx, personId);
    const faces = await versionsOfFaces(trx, personId);
    const present = new Set(await groupIdsOf(trx, personId));
    const groups = await lockGroups(trx, wanted);
    const joinedGroupIds: string[] = [];
    const refused: GroupRefusal[] = [];
    for (const groupId of wanted) {
      const refusal = reasonAgainst(library, groupId, groups.get(groupId), present, faces);
      if (refusal === undefined) {
        present.add(groupId);
        joinedGroupIds.push(groupId);
      } else {
        refused.push({ groupId, reason: refusal.reason, message: refusal.message });
      }
    }
    await join(trx, personId, joinedGroupIds, faces.length);
    return { joinedGroupIds, refused };
  });
}

export async function removeFromGroup(
  library: LibraryContext,
  personId: string,
  groupId: string,
): Promise<{ personDeleted: boolean }> {
  checkId('personId', personId);
  checkId('groupId', groupId);
  return change(library.db, async (trx) => {
    await lockPerson(trx, personId);
    const groupIds = await groupIdsOf(trx, personId);
    if (groupIds.length === 1 && groupIds[0] === groupId) {
      await lockGroup(trx, groupId);
      await removeWholly(trx, library.limits, personId);
      return { personDeleted: true };
    }
    await lockGroup(trx, groupId);
    if (!groupIds.includes(groupId)) {
      throw notInGroup(personId, groupId);
    }
    await trx
      .deleteFrom('memberships')
      .where('person_id', '=', personId)
      .where('group_id', '=', groupId)
      .execute();
    await countInGroups(trx, [groupId], -1, -(await countFaces(trx, personId)));
    await touch(trx, personId);
    await membershipsChanged(trx, [personId]);
    return { personDeleted: false };
  });
}

export async function updateMembership(
  library: LibraryContext,
  personId: string,
  groupId: string,
  values: readonly IndexedValue[],
): Promise<Membership> {
  checkId('personId', personId);
  checkId('groupId', groupId);
  values.forEach(({ value }, index) => {
    checkFieldValue(`values[${index}]`, value);
  });
  return change(library.db, async (trx) => {
    await lockPerson(trx, personId);
    const group = await lockGroup(trx, groupId);
    const row = await trx
      .selectFrom('memberships')
      .select('field_values')
      .where('person_id', '=', personId)
      .where('group_id', '=', groupId)
      .executeTakeFirst();
    if (row === undefined) {
      throw notInGroup(personId, groupId);
    }
    const before = membershipOf(groupId, group.field_names, row.field_values).fieldValues;
    const fieldValues = replaced(before, values);
    await trx
      .updateTable('memberships')
      .set({ field_values: fieldValues })
      .where('person_id', '=', personId)
      .where('group_id', '=', groupId)
      .execute();
    await touch(trx, personId);
    return { groupId, fieldValues };
  });
}

function replaced(before: readonly string[], values: readonly IndexedValue[]): string[] {
  const result = [...before];
  for (const { index, value } of values) {
    if (!Number.isInteger(index) || index < 0 || index >= before.length) {
      throw invalid('values', `the group has ${before.length} fields of its own`);
    }
    result[index] = value;
  }
  return result;
}

function reasonAgainst(
  library: LibraryContext,
  groupId: string,
  group: GroupRow | undefined,
  present: ReadonlySet<string>,
  faces: readonly ReadonlySet<string>[],
): MienError | undefined {
  if (group === undefined) {
    return groupNotFound(groupId);
  }
  if (present.has(groupId)) {
    return new MienError('PERSON_ALREADY_IN_GROUP', `the person is in group ${groupId} as it is`);
  }
  if (present.size >= library.limits.groupsPerPerson) {
    return limitReached(library.limits, 'groupsPerPerson');
  }
  try {
    checkRoom(library, group, faces);
    return undefined;
  } catch (error) {
    return asMienError(error);
  }
}

async function join(
  trx: InTransaction,
  personId: string,
  groupIds: readonly string[],
  faces: number,
): Promise<void> {
  if (groupIds.length === 0) {
    return;
  }
  await trx
    .insertInto('memberships')
    .values(groupIds.map((id) => ({ person_id: personId, group_id: id, field_values: [] })))
    .execute();
  await countInGroups(trx, groupIds, 1, faces);
  await touch(trx, personId);
  await membershipsChanged(trx, [personId]);
}

/** Of each face of a person the model versions that it has templates of. */
async function versionsOfFaces(
  trx: InTransaction,
  personId: string,
): Promise<readonly ReadonlySet<string>[]> {
  const { rows } = await sql<{ versions: readonly string[] }>`
    select array(select model_version from templates where face_seq = faces.seq) as versions
    from faces where person_id = ${personId}`.execute(trx);
  return rows.map((row) => new Set(row.versions));
}

async function groupIdsOf(trx: InTransaction, personId: string): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('memberships')
    .select('group_id')
    .where('person_id', '=', personId)
    .execute();
  return rows.map((row) => row.group_id);
}

function notInGroup(personId: string, groupId: string): MienError {
  return new MienError('PERSON_NOT_IN_GROUP', `person ${personId} is not in group ${groupId}`, {
    metadata: { personId, groupId },
  });
}
