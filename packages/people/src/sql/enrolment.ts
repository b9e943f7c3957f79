import { Gender } from '@mien/proto';
import { checkFieldValue, checkGender, checkId, checkName, invalid } from '../naming';
import type { NewPerson, Person } from '../persons';
import { change, type LibraryContext } from './context';
import { countInGroups, countInTotals } from './counts';
import { checkFace, checkRoom, insertFaces, versionsOf } from './face-table';
import { lockGroup } from './locks';
import { facesEnrolled } from './outbox-table';
import { faceOf, membershipOf } from './person-reading';

/** A person with the first face, the template and the membership, in one transaction. */
export async function createPerson(library: LibraryContext, person: NewPerson): Promise<Person> {
  const { id, groupId, name, gender = Gender.GENDER_UNSPECIFIED, fieldValues = [], face } = person;
  checkId('id', id);
  checkId('groupId', groupId);
  checkName('name', name);
  checkGender('gender', gender);
  fieldValues.forEach((value, index) => {
    checkFieldValue(`fieldValues[${index}]`, value);
  });
  checkFace('face', face);
  return change(library.db, async (trx) => {
    const row = await trx
      .insertInto('persons')
      .values({ id, name, gender })
      .returningAll()
      .executeTakeFirstOrThrow();
    const group = await lockGroup(trx, groupId);
    checkRoom(library, group, [versionsOf(face)]);
    if (fieldValues.length > group.field_names.length) {
      throw invalid('fieldValues', `the group has ${group.field_names.length} fields of its own`);
    }
    await trx
      .insertInto('memberships')
      .values({ person_id: id, group_id: groupId, field_values: [...fieldValues] })
      .execute();
    const faces = await insertFaces(library, trx, id, [face]);
    await facesEnrolled(trx, 'person-enrolled', faces);
    await countInGroups(trx, [groupId], 1, 1);
    await countInTotals(trx, library.limits, { persons: 1, faces: 1 });
    return {
      id,
      name,
      gender,
      faces: faces.map(faceOf),
      memberships: [membershipOf(groupId, group.field_names, fieldValues)],
      revision: Number(row.revision),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  });
}
