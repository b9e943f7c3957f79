import type { PeopleStore } from '../../people-store';
import { aFace, aGroup, aPerson, newId } from '../people';

export function describeMemberships(current: () => PeopleStore): void {
  describe('memberships', () => {
    it('are added group by group, with the reason where one can not be', async () => {
      const home = await current().createGroup(aGroup());
      const joined = await current().createGroup(aGroup({ fieldNames: ['a'] }));
      const foreign = await current().createGroup(aGroup({ modelVersion: 'other' }));
      const person = await current().createPerson(aPerson(home.id));
      await current().addFaces(person.id, [aFace()]);
      const missing = newId('group');
      const result = await current().addToGroups(person.id, [
        home.id,
        joined.id,
        foreign.id,
        missing,
        joined.id,
      ]);
      expect(result.joinedGroupIds).toEqual([joined.id]);
      expect(result.refused.map(({ groupId, reason }) => [groupId, reason])).toEqual([
        [home.id, 'PERSON_ALREADY_IN_GROUP'],
        [foreign.id, 'MODEL_VERSIONS_DIFFER'],
        [missing, 'GROUP_NOT_FOUND'],
      ]);
      expect((await current().getPerson(person.id)).memberships).toEqual([
        { groupId: home.id, fieldValues: [] },
        { groupId: joined.id, fieldValues: [''] },
      ]);
      expect(await current().getGroup(joined.id)).toMatchObject({ personCount: 1, faceCount: 2 });
      expect(await current().getGroup(foreign.id)).toMatchObject({ personCount: 0, faceCount: 0 });
    });

    it('end, and the last one ends the person', async () => {
      const [a, b, c] = [
        await current().createGroup(aGroup()),
        await current().createGroup(aGroup()),
        await current().createGroup(aGroup()),
      ];
      const person = await current().createPerson(aPerson(a.id));
      await current().addToGroups(person.id, [b.id]);
      await expect(current().removeFromGroup(person.id, c.id)).rejects.toMatchObject({
        reason: 'PERSON_NOT_IN_GROUP',
      });
      await expect(current().removeFromGroup(person.id, newId('group'))).rejects.toMatchObject({
        reason: 'GROUP_NOT_FOUND',
      });
      expect(await current().removeFromGroup(person.id, a.id)).toEqual({ personDeleted: false });
      expect(await current().getGroup(a.id)).toMatchObject({ personCount: 0, faceCount: 0 });
      await expect(current().removeFromGroup(person.id, a.id)).rejects.toMatchObject({
        reason: 'PERSON_NOT_IN_GROUP',
      });
      expect(await current().removeFromGroup(person.id, b.id)).toEqual({ personDeleted: true });
      expect(await current().getGroup(b.id)).toMatchObject({ personCount: 0, faceCount: 0 });
      await expect(current().getPerson(person.id)).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
    });

    it('have values of their own in the fields of each group', async () => {
      const a = await current().createGroup(aGroup({ fieldNames: ['x', 'y'] }));
      const b = await current().createGroup(aGroup({ fieldNames: ['z'] }));
      const person = await current().createPerson(aPerson(a.id, { fieldValues: ['1', '2'] }));
      await current().addToGroups(person.id, [b.id]);
      expect(await current().updateMembership(person.id, a.id, [{ index: 1, value: 'zwei' }])).toEqual({
        groupId: a.id,
        fieldValues: ['1', 'zwei'],
      });
      await current().updateGroup(a.id, { fieldNames: [{ index: 2, value: 'later' }] });
      await current().updateMembership(person.id, a.id, [{ index: 2, value: 'drei' }]);
      expect((await current().getPerson(person.id)).memberships).toEqual([
        { groupId: a.id, fieldValues: ['1', 'zwei', 'drei'] },
        { groupId: b.id, fieldValues: [''] },
      ]);
      for (const values of [
        [{ index: 3, value: 'x' }],
        [{ index: 0, value: 'v'.repeat(61) }],
        [{ index: -1, value: '' }],
      ]) {
        await expect(current().updateMembership(person.id, a.id, values)).rejects.toMatchObject({
          reason: 'ARGUMENT_INVALID',
        });
      }
      const c = await current().createGroup(aGroup());
      await expect(current().updateMembership(person.id, c.id, [])).rejects.toMatchObject({
        reason: 'PERSON_NOT_IN_GROUP',
      });
    });
  });
}
