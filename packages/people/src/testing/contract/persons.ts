import { Gender } from '@mien/proto';
import type { PeopleStore } from '../../people-store';
import { aFace, aFaceWithBlobs, aGroup, aPerson, newId } from '../people';

export function describePersons(current: () => PeopleStore): void {
  describe('persons', () => {
    it('come back as they were enrolled', async () => {
      const group = await current().createGroup(aGroup({ fieldNames: ['a', 'b'] }));
      const person = aPerson(group.id, {
        gender: Gender.GENDER_FEMALE,
        fieldValues: ['one'],
        face: await aFaceWithBlobs(current()),
      });
      const { template, ...face } = person.face;
      const made = await current().createPerson(person);
      expect(made).toMatchObject({
        id: person.id,
        name: 'Ada',
        gender: Gender.GENDER_FEMALE,
        faces: [face],
        memberships: [{ groupId: group.id, fieldValues: ['one', ''] }],
        revision: 1,
      });
      expect(await current().getPerson(person.id)).toEqual(made);
      expect(await current().templatesOfPersons([person.id])).toEqual([
        {
          faceId: face.id,
          personId: person.id,
          groupIds: [group.id],
          modelVersion: face.modelVersion,
          vector: template,
        },
      ]);
      expect(await current().getGroup(group.id)).toMatchObject({ personCount: 1, faceCount: 1 });
    });

    it('leave nothing behind when the enrolment fails', async () => {
      const group = await current().createGroup(aGroup());
      const first = await current().createPerson(
        aPerson(group.id, { face: await aFaceWithBlobs(current()) }),
      );
      const before = await current().totals();
      const used = first.faces[0]?.cropKey ?? '';
      for (const [reason, person] of [
        ['PERSON_ID_TAKEN', aPerson(group.id, { id: first.id })],
        ['GROUP_NOT_FOUND', aPerson(newId('group'))],
        ['MODEL_VERSIONS_DIFFER', aPerson(group.id, { face: aFace({ modelVersion: 'other' }) })],
        ['ARGUMENT_INVALID', aPerson(group.id, { fieldValues: ['of no field'] })],
        ['BLOB_NOT_RESERVED', aPerson(group.id, { face: aFace({ cropKey: used }) })],
        ['FACE_ID_TAKEN', aPerson(group.id, { face: aFace({ id: first.faces[0]?.id ?? '' }) })],
        ['ARGUMENT_INVALID', aPerson(group.id, { face: aFace({ template: new Float32Array(512) }) })],
        ['ARGUMENT_INVALID', aPerson(group.id, { face: aFace({ template: new Float32Array(128).fill(1) }) })],
        [
          'ARGUMENT_INVALID',
          aPerson(group.id, { face: aFace({ template: new Float32Array(512).fill(Number.NaN) }) }),
        ],
        ['ARGUMENT_INVALID', aPerson(group.id, { face: aFace({ id: 'face' }) })],
        ['ARGUMENT_INVALID', aPerson(group.id, { name: '' })],
        ['ARGUMENT_INVALID', aPerson(group.id, { id: 'a/b' })],
      ] as const) {
        await expect(current().createPerson(person)).rejects.toMatchObject({ reason });
      }
      expect(await current().totals()).toEqual(before);
      expect(await current().getGroup(group.id)).toMatchObject({ personCount: 1, faceCount: 1 });
      expect(await current().getPerson(first.id)).toEqual(first);
    });

    it('are listed in the order of joining, a page at a time', async () => {
      const group = await current().createGroup(aGroup());
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        ids.push((await current().createPerson(aPerson(group.id))).id);
      }
      const first = await current().listPersons(group.id, { size: 2 });
      expect(first.total).toBe(5);
      await current().deletePerson(ids[1] ?? '');
      ids.push((await current().createPerson(aPerson(group.id))).id);
      const second = await current().listPersons(group.id, { size: 2, cursor: first.nextCursor ?? '' });
      const third = await current().listPersons(group.id, { size: 2, cursor: second.nextCursor ?? '' });
      const seen = [first, second, third].flatMap((page) => page.entries.map((person) => person.id));
      expect(seen).toEqual(ids);
      expect(third.nextCursor).toBeUndefined();
      expect(third.entries[0]).toEqual(await current().getPerson(ids[4] ?? ''));
      const other = await current().createGroup(aGroup());
      await expect(current().listPersons(other.id, { cursor: first.nextCursor ?? '' })).rejects.toMatchObject(
        { reason: 'CURSOR_INVALID' },
      );
      for (const size of [0, 1001, 1.5]) {
        await expect(current().listPersons(group.id, { size })).rejects.toMatchObject({
          reason: 'ARGUMENT_INVALID',
        });
      }
    });

    it('are read several at a time, in the order asked for', async () => {
      const group = await current().createGroup(aGroup());
      const [a, b] = [
        await current().createPerson(aPerson(group.id)),
        await current().createPerson(aPerson(group.id)),
      ];
      expect(await current().getPersons([b.id, newId('person'), a.id])).toEqual([b, a]);
      expect(await current().getPersons([])).toEqual([]);
    });

    it('are changed in name and gender, when as expected', async () => {
      const group = await current().createGroup(aGroup());
      const person = await current().createPerson(aPerson(group.id));
      const renamed = await current().updatePerson(
        person.id,
        { name: 'Grace' },
        { revision: person.revision },
      );
      expect(renamed).toMatchObject({ name: 'Grace', gender: person.gender, revision: 2 });
      await expect(
        current().updatePerson(person.id, { name: 'Eve' }, { revision: person.revision }),
      ).rejects.toMatchObject({ reason: 'CONFLICT' });
      const male = await current().updatePerson(person.id, { gender: Gender.GENDER_MALE });
      expect(male).toMatchObject({ name: 'Grace', gender: Gender.GENDER_MALE, revision: 3 });
      expect(await current().getPerson(person.id)).toEqual(male);
    });

    it('are gone from every group when deleted', async () => {
      const [group, other] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const person = await current().createPerson(aPerson(group.id));
      await current().addToGroups(person.id, [other.id]);
      await current().deletePerson(person.id);
      for (const { id } of [group, other]) {
        expect(await current().getGroup(id)).toMatchObject({ personCount: 0, faceCount: 0 });
        expect(await current().listPersons(id, {})).toEqual({ entries: [], total: 0 });
      }
      expect(await current().templatesOfPersons([person.id])).toEqual([]);
      expect(await current().templatesOfFaces(person.faces.map((face) => face.id))).toEqual([]);
      await current().createPerson(aPerson(group.id, { id: person.id }));
    });

    it('that are not there are told', async () => {
      const group = await current().createGroup(aGroup());
      const id = newId('person');
      const outcomes = await Promise.allSettled([
        current().getPerson(id),
        current().updatePerson(id, { name: 'x' }),
        current().deletePerson(id),
        current().addToGroups(id, [group.id]),
        current().removeFromGroup(id, group.id),
        current().updateMembership(id, group.id, []),
        current().addFaces(id, [aFace()]),
        current().deleteFaces(id, [aFace().id]),
      ]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'PERSON_NOT_FOUND' } });
      }
    });
  });
}
