import type { Group } from '@mien/proto';
import { textTable } from './table';

/** Groups for a terminal, one a row. */
export function groupTable(groups: readonly Group[]): string {
  return textTable(
    ['id', 'name', 'tag', 'fields', 'persons', 'faces', 'model'],
    groups.map(({ id, name, tag, fieldNames, personCount, faceCount, modelVersion }) => [
      id,
      name,
      tag,
      fieldNames.map((field, index) => `${index}=${field}`).join(', '),
      String(personCount),
      String(faceCount),
      modelVersion,
    ]),
  );
}
