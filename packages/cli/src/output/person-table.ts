import type { Membership, Person } from '@mien/proto';
import { momentText } from './moment';
import { textTable } from './table';
import { word } from './word';

/** Persons for a terminal, one a row. */
export function personTable(persons: readonly Person[]): string {
  return textTable(
    ['id', 'name', 'gender', 'faces', 'groups'],
    persons.map(({ id, name, gender, faces, memberships }) => [
      id,
      name,
      genderWord(gender),
      String(faces.length),
      memberships.map(membershipText).join(', '),
    ]),
  );
}

/** A person with each of the faces. */
export function personText(person: Person): string {
  const faces = person.faces.map(({ id, quality, box, modelVersion, createdAt }) => [
    id,
    box === undefined ? '-' : quality.toFixed(0),
    modelVersion,
    momentText(createdAt),
  ]);
  return `${personTable([person])}\n${textTable(['face', 'quality', 'model', 'enrolled'], faces)}`;
}

function genderWord(gender: Person['gender']): string {
  const name = word(gender, 'GENDER_');
  return name === 'unspecified' ? '' : name;
}

/** `staff (7, 3rd floor)`: a group, with the values of its own fields where there are any. */
function membershipText({ groupId, fieldValues }: Membership): string {
  return fieldValues.some((value) => value !== '') ? `${groupId} (${fieldValues.join(', ')})` : groupId;
}
