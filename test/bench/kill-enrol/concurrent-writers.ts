import { type MienClient, MienError, type Person } from '@mien/sdk';
import { variant } from '../../photos/single-faces';

const WRITERS = 50;
const PERSON = 'contested';
const GROUPS = ['first', 'second', 'third'] as const;
/** What one of many writers may be told. */
const ACCEPTED = [
  'CONFLICT',
  'LAST_FACE',
  'FACE_NOT_FOUND',
  'LIMIT_REACHED',
  'PERSON_NOT_IN_GROUP',
  'PERSON_ALREADY_IN_GROUP',
];

export interface ContestedPerson {
  readonly writers: number;
  /** What is not as it should be; empty when all is well. */
  readonly faults: readonly string[];
}

/** Fifty writers change one person at the same time; afterwards every view of the person tells the same. */
export async function contest(client: MienClient, picture: Buffer): Promise<ContestedPerson> {
  const { library } = client;
  for (const id of GROUPS) {
    await library.createGroup({ id, name: id });
  }
  const [home] = GROUPS;
  await library.createPerson({ id: PERSON, groupId: home, name: 'Contested' }, picture);
  const faults: string[] = [];
  await Promise.all(
    Array.from({ length: WRITERS }, (_, number) =>
      write(client, picture, number).catch((error: unknown) => {
        if (!(error instanceof MienError && ACCEPTED.includes(error.reason))) {
          faults.push(String(error));
        }
      }),
    ),
  );
  return { writers: WRITERS, faults: [...faults, ...(await contradictions(client))] };
}

async function write(client: MienClient, picture: Buffer, number: number): Promise<void> {
  const { library } = client;
  const other = GROUPS[1 + (number % 2)] ?? GROUPS[1];
  switch (number % 5) {
    case 0:
      await library.updatePerson(PERSON, { name: `Contested ${number}` });
      return;
    case 1:
      await library.addPersonToGroups(PERSON, [other]);
      return;
    case 2:
      await library.removePersonFromGroup(PERSON, other);
      return;
    case 3: {
      const { faces } = await library.getPerson(PERSON);
      await library.deleteFaces(PERSON, [faces.at(-1)?.id ?? '']);
      return;
    }
    default:
      await library.addFaces(PERSON, [await variant(picture, number)]);
  }
}

async function contradictions(client: MienClient): Promise<string[]> {
  const person = await client.library.getPerson(PERSON);
  const faults: string[] = [];
  const count = person.faces.length;
  if (count < 1 || count > 5 || new Set(person.faces.map(({ id }) => id)).size !== count) {
    faults.push(`${count} faces`);
  }
  for (const groupId of GROUPS) {
    faults.push(...(await groupContradictions(client, groupId, person)));
  }
  return faults;
}

async function groupContradictions(client: MienClient, groupId: string, person: Person): Promise<string[]> {
  const isMember = person.memberships.some((membership) => membership.groupId === groupId);
  const listed: Person[] = [];
  for await (const member of client.library.listPersons(groupId)) {
    listed.push(member);
  }
  const { personCount, faceCount } = await client.library.getGroup(groupId);
  const expected = isMember ? 1 : 0;
  const agree =
    listed.length === expected &&
    personCount === expected &&
    faceCount === expected * person.faces.length &&
    listed.every((member) => JSON.stringify(member) === JSON.stringify(person));
  return agree
    ? []
    : [
        `group ${groupId} tells otherwise: ${listed.length} listed, ${personCount} persons, ${faceCount} faces`,
      ];
}
