import type { Group } from '@mien/people';
import type { Group as GroupMessage } from '@mien/proto';

/** A group as clients see it. */
export function groupMessage(group: Group): GroupMessage {
  const { id, name, tag, fieldNames, modelVersion, createdAt, updatedAt, personCount, faceCount } = group;
  return {
    id,
    name,
    tag,
    fieldNames: [...fieldNames],
    modelVersion,
    createdAt,
    updatedAt,
    personCount,
    faceCount,
  };
}
