import type { PeopleStore } from '../../people-store';
import type { StoreOptions } from '../../sql/open-library';
import { aFace, aGroup, aPerson } from '../people';

export function describeLimits(reopen: (options?: StoreOptions) => Promise<PeopleStore>): void {
  describe('limits', () => {
    it('are kept, each with its name', async () => {
      const { groups, faces } = await (await reopen()).totals();
      const limits = {
        groups: groups + 4,
        faces: faces + 5,
        facesPerGroup: 3,
        facesPerPerson: 2,
        groupsPerPerson: 2,
        fieldsPerGroup: 1,
      };
      const store = await reopen({ limits });
      const reached = (limit: keyof typeof limits) => ({
        reason: 'LIMIT_REACHED',
        metadata: { limit, maximum: String(limits[limit]) },
      });
      const made = [];
      for (let count = 0; count < 4; count += 1) {
        made.push((await store.createGroup(aGroup())).id);
      }
      await expect(store.createGroup(aGroup())).rejects.toMatchObject(reached('groups'));
      const [a = '', b = '', c = '', d = ''] = made;
      await expect(
        store.updateGroup(a, { fieldNames: ['x', 'y'].map((value, index) => ({ index, value })) }),
      ).rejects.toMatchObject(reached('fieldsPerGroup'));

      const person = await store.createPerson(aPerson(a));
      await store.addFaces(person.id, [aFace()]);
      await expect(store.addFaces(person.id, [aFace()])).rejects.toMatchObject(reached('facesPerPerson'));
      const { joinedGroupIds, refused } = await store.addToGroups(person.id, [b, c]);
      expect(joinedGroupIds).toEqual([b]);
      expect(refused).toMatchObject([{ groupId: c, reason: 'LIMIT_REACHED' }]);

      const second = await store.createPerson(aPerson(a));
      await expect(store.createPerson(aPerson(a))).rejects.toMatchObject(reached('facesPerGroup'));
      await expect(store.addFaces(second.id, [aFace()])).rejects.toMatchObject(reached('facesPerGroup'));
      const third = await store.createPerson(aPerson(d));
      await store.addFaces(third.id, [aFace()]);
      expect((await store.addToGroups(third.id, [a])).refused).toMatchObject([{ reason: 'LIMIT_REACHED' }]);
      await expect(store.createPerson(aPerson(c))).rejects.toMatchObject(reached('faces'));
      expect(await store.totals()).toMatchObject({ groups: limits.groups, faces: limits.faces });
      expect(await store.getGroup(c)).toMatchObject({ personCount: 0, faceCount: 0 });
    });

    it.each([{ facesPerPerson: 21 }, { facesPerPerson: 0 }, { groups: 1.5 }])(
      'may not be %j',
      async (limits) => {
        await expect(reopen({ limits })).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
      },
    );
  });
}
