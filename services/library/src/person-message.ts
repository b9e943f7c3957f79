import type { Membership, Person, PersonFace } from '@mien/people';
import type {
  Membership as MembershipMessage,
  PersonFace as PersonFaceMessage,
  Person as PersonMessage,
} from '@mien/proto';

/** A person in the form in which clients see one. */
export function personMessage(person: Person): PersonMessage {
  const { id, name, gender, faces, memberships, createdAt, updatedAt } = person;
  return {
    id,
    name,
    gender,
    faces: faces.map(personFaceMessage),
    memberships: memberships.map(membershipMessage),
    createdAt,
    updatedAt,
  };
}

/** An enrolled face without its template and the places of its blobs, which are no client's business. */
export function personFaceMessage({
  id,
  box,
  quality,
  modelVersion,
  createdAt,
}: PersonFace): PersonFaceMessage {
  return { id, box: box.width > 0 ? box : undefined, quality, modelVersion, createdAt };
}

export function membershipMessage({ groupId, fieldValues }: Membership): MembershipMessage {
  return { groupId, fieldValues: [...fieldValues] };
}
