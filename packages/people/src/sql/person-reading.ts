import { Gender } from '@mien/proto';
import { positionOf } from '../cursor';
import { checkFaceIds, checkId, checkIds } from '../naming';
import { cutPage, type Page, type PageRequest, pageSize } from '../page';
import type { Membership, Person, PersonFace } from '../persons';
import { type LibraryContext, snapshot } from './context';
import { groupNotFound, personNotFound } from './locks';
import type { FaceRow, InTransaction } from './schema';

export async function getPerson(library: LibraryContext, id: string): Promise<Person> {
  const [person] = await getPersons(library, [id]);
  if (person === undefined) {
    throw personNotFound(id);
  }
  return person;
}

export async function getPersons(
  library: LibraryContext,
  ids: readonly string[],
): Promise<readonly Person[]> {
  checkIds('ids', ids);
  return snapshot(library.db, (trx) => readPersons(trx, ids));
}

export async function personsOfFaces(
  { db }: LibraryContext,
  faceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  checkFaceIds('faceIds', faceIds);
  const rows = await db
    .selectFrom('faces')
    .select(['id', 'person_id'])
    .where('id', '=', (any) => any.fn('any', [any.val(faceIds)]))
    .execute();
  return new Map(rows.map((row) => [row.id, row.person_id]));
}

export async function listPersons(
  library: LibraryContext,
  groupId: string,
  request: PageRequest,
): Promise<Page<Person>> {
  checkId('groupId', groupId);
  const size = pageSize(request);
  const list = `persons ${groupId}`;
  const after = positionOf(list, request.cursor);
  return snapshot(library.db, async (trx) => {
    const group = await trx
      .selectFrom('groups')
      .select('person_count')
      .where('id', '=', groupId)
      .where('deleting', '=', false)
      .executeTakeFirst();
    if (group === undefined) {
      throw groupNotFound(groupId);
    }
    const found = await trx
      .selectFrom('memberships')
      .select(['person_id', 'seq'])
      .where('group_id', '=', groupId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(size + 1)
      .execute();
    const { rows, ...next } = cutPage(found, size, list, (row) => Number(row.seq));
    const entries = await readPersons(
      trx,
      rows.map((row) => row.person_id),
    );
    return { entries, ...next, total: Number(group.person_count) };
  });
}

/** Those that are there, in the order of the ids. */
export async function readPersons(trx: InTransaction, ids: readonly string[]): Promise<readonly Person[]> {
  if (ids.length === 0) {
    return [];
  }
  const rows = await trx.selectFrom('persons').selectAll().where('id', 'in', ids).execute();
  const faces = await facesOf(trx, ids);
  const memberships = await membershipsOf(trx, ids);
  const byId = new Map(
    rows.map((row): [string, Person] => [
      row.id,
      {
        id: row.id,
        name: row.name,
        gender: genderOf(row.gender),
        faces: faces.get(row.id) ?? [],
        memberships: memberships.get(row.id) ?? [],
        revision: Number(row.revision),
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      },
    ]),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export function faceOf(row: FaceRow): PersonFace {
  return {
    id: row.id,
    box: { x: row.box_x, y: row.box_y, width: row.box_width, height: row.box_height },
    quality: row.quality,
    modelVersion: row.model_version,
    ...(row.crop_key === null ? {} : { cropKey: row.crop_key }),
    ...(row.photo_key === null ? {} : { photoKey: row.photo_key }),
    createdAt: row.created_at,
  };
}

/** The values in the order of the group's fields; fields that came later have none yet. */
export function membershipOf(
  groupId: string,
  fieldNames: readonly string[],
  values: readonly string[],
): Membership {
  return { groupId, fieldValues: fieldNames.map((_, index) => values[index] ?? '') };
}

async function facesOf(
  trx: InTransaction,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PersonFace[]>> {
  const rows = await trx
    .selectFrom('faces')
    .selectAll()
    .where('person_id', 'in', personIds)
    .orderBy('seq')
    .execute();
  return grouped(rows, (row) => row.person_id, faceOf);
}

async function membershipsOf(
  trx: InTransaction,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Membership[]>> {
  const rows = await trx
    .selectFrom('memberships')
    .innerJoin('groups', 'groups.id', 'memberships.group_id')
    .select(['person_id', 'group_id', 'field_names', 'field_values'])
    .where('person_id', 'in', personIds)
    .where('groups.deleting', '=', false)
    .orderBy('memberships.seq')
    .execute();
  return grouped(
    rows,
    (row) => row.person_id,
    (row) => membershipOf(row.group_id, row.field_names, row.field_values),
  );
}

function grouped<R, T>(rows: readonly R[], key: (row: R) => string, value: (row: R) => T): Map<string, T[]> {
  const result = new Map<string, T[]>();
  for (const row of rows) {
    const list = result.get(key(row)) ?? [];
    list.push(value(row));
    result.set(key(row), list);
  }
  return result;
}

function genderOf(text: string): Gender {
  return Object.values(Gender).find((gender) => gender === text) ?? Gender.GENDER_UNSPECIFIED;
}
