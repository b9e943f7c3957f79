import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import type { GroupRow, InTransaction, PersonRow } from './schema';

/*
 * Every transaction locks in this order, so that none waits for another that waits for it: a job, model versions,
 * persons by id, groups by id, totals last.
 */

/** Advisory locks of this number, the letters "mien", belong to model versions. */
const VERSION_LOCKS = 0x6d69656e;

/** The person, kept from other writers until the transaction ends. Throws PERSON_NOT_FOUND. */
export async function lockPerson(trx: InTransaction, id: string): Promise<PersonRow> {
  const row = await trx.selectFrom('persons').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) {
    throw personNotFound(id);
  }
  return row;
}

/** Those of the groups that are there and not being deleted, by id. */
export async function lockGroups(
  trx: InTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, GroupRow>> {
  const rows = await trx
    .selectFrom('groups')
    .selectAll()
    .where('id', 'in', ids)
    .where('deleting', '=', false)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Throws GROUP_NOT_FOUND, for a group that is being deleted, too. */
export async function lockGroup(trx: InTransaction, id: string): Promise<GroupRow> {
  const row = (await lockGroups(trx, [id])).get(id);
  if (row === undefined) {
    throw groupNotFound(id);
  }
  return row;
}

/** All groups of a person whose lock is held. */
export function lockGroupsOf(trx: InTransaction, personId: string): Promise<readonly GroupRow[]> {
  return trx
    .selectFrom('groups')
    .innerJoin('memberships', 'memberships.group_id', 'groups.id')
    .selectAll('groups')
    .where('memberships.person_id', '=', personId)
    .orderBy('groups.id')
    .forUpdate('groups')
    .execute();
}

/**
 * Keeps templates of a model version from being dropped until the transaction ends: whoever has a group use the
 * version takes it first, before rows of groups.
 */
export async function holdVersion(trx: InTransaction, modelVersion: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${VERSION_LOCKS}, hashtext(${modelVersion}))`.execute(trx);
}

/** Keeps everybody from having a group use the model version until the transaction ends. */
export async function ownVersion(trx: InTransaction, modelVersion: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${VERSION_LOCKS}, hashtext(${modelVersion}))`.execute(trx);
}

/**
 * Those of the faces that are there, kept from being deleted until the transaction ends: writers of their persons
 * wait.
 */
export async function holdFaces(
  trx: InTransaction,
  faceIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly seq: number; readonly personId: string }>> {
  const found = () =>
    trx
      .selectFrom('faces')
      .select(['id', 'seq', 'person_id'])
      .where('id', '=', (any) => any.fn('any', [any.val(faceIds)]))
      .orderBy('seq')
      .execute();
  const personIds = [...new Set((await found()).map((face) => face.person_id))];
  await trx
    .selectFrom('persons')
    .select('id')
    .where('id', '=', (any) => any.fn('any', [any.val(personIds)]))
    .orderBy('id')
    .forKeyShare()
    .execute();
  const rows = await found();
  return new Map(rows.map((row) => [row.id, { seq: Number(row.seq), personId: row.person_id }]));
}

export function personNotFound(id: string): MienError {
  return new MienError('PERSON_NOT_FOUND', `there is no person ${id}`, { metadata: { personId: id } });
}

export function groupNotFound(id: string): MienError {
  return new MienError('GROUP_NOT_FOUND', `there is no group ${id}`, { metadata: { groupId: id } });
}
