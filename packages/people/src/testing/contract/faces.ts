import type { PeopleStore } from '../../people-store';
import { aFace, aFaceWithBlobs, aGroup, aPerson, MODEL } from '../people';

export function describeFaces(current: () => PeopleStore): void {
  describe('faces', () => {
    it('are added all together and counted in every group', async () => {
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const person = await current().createPerson(aPerson(a.id));
      await current().addToGroups(person.id, [b.id]);
      const added = await current().addFaces(person.id, [await aFaceWithBlobs(current()), aFace()]);
      expect(added).toHaveLength(2);
      expect(added[0]).toHaveProperty('cropKey');
      expect(added[1]).not.toHaveProperty('cropKey');
      const after = await current().getPerson(person.id);
      expect(after.faces).toEqual([...person.faces, ...added]);
      for (const { id } of [a, b]) {
        expect(await current().getGroup(id)).toMatchObject({ personCount: 1, faceCount: 3 });
      }
      await expect(
        current().addFaces(person.id, [aFace(), aFace({ modelVersion: 'other' })]),
      ).rejects.toMatchObject({
        reason: 'MODEL_VERSIONS_DIFFER',
      });
      await expect(current().addFaces(person.id, [aFace(), aFace(), aFace()])).rejects.toMatchObject({
        reason: 'LIMIT_REACHED',
        metadata: { limit: 'facesPerPerson', maximum: '5' },
      });
      await expect(current().addFaces(person.id, [])).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      expect(await current().getPerson(person.id)).toEqual(after);
    });

    it('are not added to a person that changed since it was read', async () => {
      const group = await current().createGroup(aGroup());
      const read = await current().createPerson(aPerson(group.id));
      await current().addFaces(read.id, [aFace()], { revision: read.revision });
      await expect(current().addFaces(read.id, [aFace()], { revision: read.revision })).rejects.toMatchObject(
        {
          reason: 'CONFLICT',
        },
      );
      expect((await current().getPerson(read.id)).faces).toHaveLength(2);
    });

    it('are deleted but for the last', async () => {
      const group = await current().createGroup(aGroup());
      const person = await current().createPerson(aPerson(group.id));
      const [second, third] = await current().addFaces(person.id, [aFace(), aFace()]);
      const ids = [second?.id ?? '', aFace().id];
      expect(await current().deleteFaces(person.id, ids)).toEqual([second?.id]);
      await expect(current().deleteFaces(person.id, ids)).rejects.toMatchObject({ reason: 'FACE_NOT_FOUND' });
      const all = [person.faces[0]?.id ?? '', third?.id ?? ''];
      await expect(current().deleteFaces(person.id, all)).rejects.toMatchObject({ reason: 'LAST_FACE' });
      expect((await current().getPerson(person.id)).faces.map((face) => face.id)).toEqual(all);
      expect(await current().getGroup(group.id)).toMatchObject({ personCount: 1, faceCount: 2 });
      await expect(current().deleteFaces(person.id, [])).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
      const stranger = await current().createPerson(aPerson(group.id));
      await expect(current().deleteFaces(stranger.id, all)).rejects.toMatchObject({
        reason: 'FACE_NOT_FOUND',
      });
    });

    it('are not added twice, and the second time says so whatever the limits', async () => {
      const group = await current().createGroup(aGroup());
      const person = await current().createPerson(aPerson(group.id));
      const faces = [aFace(), aFace(), aFace(), aFace()];
      await current().addFaces(person.id, faces);
      await expect(current().addFaces(person.id, faces)).rejects.toMatchObject({ reason: 'FACE_ID_TAKEN' });
    });

    it('know their persons, and templates by model version', async () => {
      const group = await current().createGroup(aGroup());
      const [a, b] = [
        await current().createPerson(aPerson(group.id)),
        await current().createPerson(aPerson(group.id)),
      ];
      const ids = [b, a].map((person) => person.faces[0]?.id ?? '');
      expect(await current().personsOfFaces([...ids, aFace().id])).toEqual(
        new Map([
          [ids[0], b.id],
          [ids[1], a.id],
        ]),
      );
      const templates = await current().templatesOfFaces(ids, MODEL);
      expect(templates.map((template) => template.personId)).toEqual([a.id, b.id]);
      expect(await current().templatesOfFaces(ids, 'other')).toEqual([]);
      expect(await current().templatesOfPersons([a.id], 'other')).toEqual([]);
      expect(await current().templatesOfPersons([a.id], MODEL)).toEqual(templates.slice(0, 1));
      expect(await current().templatesOfFaces([])).toEqual([]);
    });

    it('know their blobs', async () => {
      const group = await current().createGroup(aGroup());
      const person = await current().createPerson(
        aPerson(group.id, { face: await aFaceWithBlobs(current()) }),
      );
      const { cropKey = '', photoKey = '' } = person.faces[0] ?? {};
      expect(await current().blobsInUse([cropKey, 'crops/unknown', photoKey])).toEqual(
        new Set([cropKey, photoKey]),
      );
      expect(await allBlobKeys(current())).toEqual(expect.arrayContaining([cropKey, photoKey]));
      await current().deletePerson(person.id);
      const keys = await allBlobKeys(current());
      expect(keys).not.toContain(cropKey);
      expect(new Set(keys).size).toBe(keys.length);
      expect(await current().blobsInUse([cropKey, photoKey])).toEqual(new Set());
    });
  });
}

async function allBlobKeys(store: PeopleStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const batch of store.streamBlobKeys()) {
    keys.push(...batch);
  }
  return keys;
}
