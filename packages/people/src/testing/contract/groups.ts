import type { Group } from '../../groups';
import type { PeopleStore } from '../../people-store';
import { aFace, aGroup, aPerson, newId } from '../people';

export function describeGroups(current: () => PeopleStore): void {
  describe('groups', () => {
    it('are read together, and counted together without counting anyone twice', async () => {
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const shared = await current().createPerson(aPerson(a.id));
      await current().addToGroups(shared.id, [b.id]);
      await current().addFaces(shared.id, [aFace()]);
      await current().createPerson(aPerson(b.id));
      const groups = await current().getGroups([b.id, newId('group'), a.id]);
      expect(groups.map(({ id, faceCount }) => [id, faceCount])).toEqual([
        [b.id, 3],
        [a.id, 2],
      ]);
      expect(await current().sizeOfGroups([a.id])).toEqual({ persons: 1, faces: 2 });
      expect(await current().sizeOfGroups([a.id, b.id, newId('group')])).toEqual({ persons: 2, faces: 3 });
      expect(await current().sizeOfGroups([])).toEqual({ persons: 0, faces: 0 });
    });

    it('come back as they were made', async () => {
      const group = aGroup({ tag: 'blue', fieldNames: ['department', 'badge'] });
      const made = await current().createGroup(group);
      expect(made).toMatchObject({ ...group, personCount: 0, faceCount: 0 });
      expect(Math.abs(made.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
      expect(await current().getGroup(group.id)).toEqual(made);
    });

    it('need an id and a name of their own', async () => {
      const group = aGroup();
      await current().createGroup(group);
      const before = await current().totals();
      await expect(current().createGroup({ ...aGroup(), id: group.id })).rejects.toMatchObject({
        reason: 'GROUP_ID_TAKEN',
      });
      await expect(current().createGroup({ ...aGroup(), name: group.name })).rejects.toMatchObject({
        reason: 'GROUP_NAME_TAKEN',
      });
      expect(await current().totals()).toEqual(before);
    });

    it.each([
      ['id', aGroup({ id: '' })],
      ['id', aGroup({ id: 'a b' })],
      ['id', aGroup({ id: 'é' })],
      ['id', aGroup({ id: 'x'.repeat(65) })],
      ['name', aGroup({ name: '' })],
      ['name', aGroup({ name: 'n'.repeat(61) })],
      ['name', aGroup({ name: 'a\u0000b' })],
      ['name', aGroup({ name: '\ud800' })],
      ['tag', aGroup({ tag: 't'.repeat(41) })],
      ['fieldNames', aGroup({ fieldNames: ['a', 'a'] })],
      ['fieldNames[0]', aGroup({ fieldNames: ['f'.repeat(31)] })],
      ['fieldNames[1]', aGroup({ fieldNames: ['a', ''] })],
    ])('are refused for a wrong %s', async (field, group) => {
      await expect(current().createGroup(group)).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
        metadata: { field },
      });
    });

    it('take the longest names, counted in characters', async () => {
      const id = `${newId('-%@#&_')}`.padEnd(64, 'x');
      const group = aGroup({ id, name: `${'😀'.repeat(50)}${id.slice(-4)}`, tag: 'ü'.repeat(40) });
      expect(await current().createGroup(group)).toMatchObject(group);
    });

    it('are changed in name, tag and fields', async () => {
      const group = aGroup({ fieldNames: ['a', 'b'] });
      const made = await current().createGroup(group);
      const name = `${group.name} 2`;
      const fieldNames = [
        { index: 2, value: 'c' },
        { index: 0, value: 'A' },
      ];
      const changed = await current().updateGroup(group.id, { name, fieldNames });
      expect(changed).toMatchObject({ name, tag: '', fieldNames: ['A', 'b', 'c'] });
      expect(changed.updatedAt.getTime()).toBeGreaterThanOrEqual(made.updatedAt.getTime());
      await expect(
        current().updateGroup(group.id, { fieldNames: [{ index: 4, value: 'gap' }] }),
      ).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      await expect(
        current().updateGroup(group.id, { fieldNames: [{ index: 1, value: 'A' }] }),
      ).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      const other = await current().createGroup(aGroup());
      await expect(current().updateGroup(other.id, { name })).rejects.toMatchObject({
        reason: 'GROUP_NAME_TAKEN',
      });
      expect(await current().getGroup(group.id)).toEqual(changed);
    });

    it('are listed in the order of their making while others come and go', async () => {
      const made: string[] = [];
      for (let count = 0; count < 7; count += 1) {
        made.push((await current().createGroup(aGroup())).id);
      }
      const seen: Group[] = [];
      let cursor: string | undefined;
      do {
        const page = await current().listGroups(cursor === undefined ? { size: 3 } : { size: 3, cursor });
        seen.push(...page.entries);
        cursor = page.nextCursor;
        const passed = page.entries.find(({ id }) => id === made[1]);
        if (passed !== undefined) {
          await current().deleteGroup(passed.id);
          await current().createGroup(aGroup());
        }
      } while (cursor !== undefined);
      const ids = seen.map((group) => group.id);
      expect(ids.filter((id) => made.includes(id))).toEqual(made);
      expect(new Set(ids).size).toBe(ids.length);
      expect((await current().listGroups({ size: 1 })).total).toBe((await current().totals()).groups);
    });

    it.each([
      'nonsense',
      Buffer.from('persons g 5').toString('base64url'),
      Buffer.from('groups x').toString('base64url'),
    ])('have no page at the cursor %s', async (cursor) => {
      await expect(current().listGroups({ cursor })).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
    });

    it('go with the persons that are in no other', async () => {
      const [group, other] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const gone = await current().createPerson(aPerson(group.id));
      const staying = await current().createPerson(aPerson(group.id));
      await current().addToGroups(staying.id, [other.id]);
      const before = await current().totals();
      expect(await current().deleteGroup(group.id)).toEqual({ deletedPersons: 1 });
      await expect(current().getGroup(group.id)).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
      await expect(current().getPerson(gone.id)).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
      expect((await current().getPerson(staying.id)).memberships).toEqual([
        { groupId: other.id, fieldValues: [] },
      ]);
      expect(await current().totals()).toEqual({
        groups: before.groups - 1,
        persons: before.persons - 1,
        faces: before.faces - 1,
      });
      expect(await current().getGroup(other.id)).toMatchObject({ personCount: 1, faceCount: 1 });
      await current().createGroup(aGroup({ id: group.id, name: group.name }));
    });

    it('that are not there are told', async () => {
      const id = newId('group');
      const outcomes = await Promise.allSettled([
        current().getGroup(id),
        current().updateGroup(id, { tag: 'x' }),
        current().deleteGroup(id),
        current().listPersons(id, {}),
        current().createPerson(aPerson(id)),
      ]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'GROUP_NOT_FOUND' } });
      }
    });
  });
}
