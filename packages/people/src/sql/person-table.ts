import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import { checkGender, checkId, checkName } from '../naming';
import type { ExpectedState, Person, PersonChanges } from '../persons';
import { change, type LibraryContext } from './context';
import { lockPerson } from './locks';
import { readPersons } from './person-reading';
import type { InTransaction, PersonRow } from './schema';

export async function updatePerson(
  library: LibraryContext,
  id: string,
  changes: PersonChanges,
  expected: ExpectedState = {},
): Promise<Person> {
  checkId('id', id);
  if (changes.name !== undefined) {
    checkName('name', changes.name);
  }
  if (changes.gender !== undefined) {
    checkGender('gender', changes.gender);
  }
  return change(library.db, async (trx) => {
    const before = await lockPerson(trx, id);
    expectRevision(before, expected);
    await trx
      .updateTable('persons')
      .set({ name: changes.name ?? before.name, gender: changes.gender ?? before.gender })
      .where('id', '=', id)
      .execute();
    await touch(trx, id);
    const [person] = await readPersons(trx, [id]);
    if (person === undefined) {
      throw new MienError('INTERNAL', 'a person vanished under its lock');
    }
    return person;
  });
}

/** Throws CONFLICT when the person, whose lock is held, was changed since it was read. */
export function expectRevision(row: PersonRow, { revision }: ExpectedState): void {
  if (revision !== undefined && revision !== Number(row.revision)) {
    throw new MienError('CONFLICT', `person ${row.id} was changed meanwhile`, {
      metadata: { personId: row.id, revision: String(row.revision) },
    });
  }
}

/** A new revision of a person whose lock is held. */
export async function touch(trx: InTransaction, id: string): Promise<void> {
  await trx
    .updateTable('persons')
    .set({ revision: sql`revision + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}
