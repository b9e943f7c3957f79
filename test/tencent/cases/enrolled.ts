import type { World } from '../world';

/** A group with a field of its own, of five people, and one of one of them. */
export const STAFF = 'staff';
export const TEAM = 'team';
/** An id that nothing has. */
export const NOBODY = 'not-there';
/** The people of the first pictures, by number. */
export const PEOPLE = ['p-0', 'p-1', 'p-2', 'p-3', 'p-4'] as const;

/** Enrols the people that the cases are about. */
export async function enrolPeople({ client, person }: World): Promise<void> {
  await client.CreateGroup({ GroupId: STAFF, GroupName: 'Staff', GroupExDescriptions: ['badge'] });
  await client.CreateGroup({ GroupId: TEAM, GroupName: 'Team' });
  for (const [number, id] of PEOPLE.entries()) {
    await client.CreatePerson({
      GroupId: STAFF,
      PersonId: id,
      PersonName: `Person${number}`,
      Gender: 1,
      PersonExDescriptionInfos: [{ PersonExDescriptionIndex: 0, PersonExDescription: `badge-${number}` }],
      Image: person(number),
    });
  }
  await client.CopyPerson({ PersonId: PEOPLE[2], GroupIds: [TEAM] });
}
