import type { PeopleStore } from '../../people-store';
import { Follower } from '../follower';
import { aFace, aFaceWithBlobs, aGroup, aPerson, MODEL } from '../people';

export function describeOutbox(current: () => PeopleStore): void {
  describe('the outbox', () => {
    it('tells every change in order until it is acknowledged', async () => {
      await drain(current());
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const face = await aFaceWithBlobs(current());
      const person = await current().createPerson(aPerson(a.id, { face }));
      const first = person.faces[0]?.id ?? '';
      const [second] = await current().addFaces(person.id, [await aFaceWithBlobs(current())]);
      await current().addToGroups(person.id, [b.id]);
      await current().deleteFaces(person.id, [first]);
      await current().removeFromGroup(person.id, a.id);
      await current().deletePerson(person.id);
      const personId = person.id;
      const entries = await current().readOutbox('index');
      expect(entries.map(({ id: _, ...entry }) => entry)).toEqual([
        { kind: 'face-added', personId, faceId: first },
        { kind: 'face-added', personId, faceId: second?.id },
        { kind: 'membership-changed', personId },
        { kind: 'face-removed', personId, faceId: first },
        { kind: 'membership-changed', personId },
        { kind: 'face-removed', personId, faceId: second?.id },
      ]);
      expect(await current().readOutbox('index', 2)).toEqual(entries.slice(0, 2));
      await current().acknowledge(entries.slice(0, 2).map((entry) => entry.id));
      await current().acknowledge(entries.slice(0, 1).map((entry) => entry.id));
      expect(await current().readOutbox('index')).toEqual(entries.slice(2));
      const unused = await current().readOutbox('blobs');
      expect(unused.map(({ id: _, ...entry }) => entry)).toEqual(
        [`crops/${first}`, `photos/${first}`, `crops/${second?.id}`, `photos/${second?.id}`].map((key) => ({
          kind: 'blob-unused',
          key,
        })),
      );
    });

    it('tells of every enrolled face, and whether the person is new', async () => {
      await drain(current());
      const person = await current().createPerson(aPerson((await current().createGroup(aGroup())).id));
      const [second] = await current().addFaces(person.id, [aFace()]);
      const entries = await current().readOutbox('events');
      expect(entries.map(({ id: _, ...entry }) => entry)).toEqual([
        { kind: 'person-enrolled', personId: person.id, faceId: person.faces[0]?.id },
        { kind: 'face-enrolled', personId: person.id, faceId: second?.id },
      ]);
    });

    it('tells nothing of what failed', async () => {
      const group = await current().createGroup(aGroup());
      await drain(current());
      await expect(
        current().createPerson(aPerson(group.id, { fieldValues: ['of no field'] })),
      ).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      expect(await current().readOutbox('index')).toEqual([]);
    });

    it('keeps an index the same as one made anew, also when it is read twice', async () => {
      await drain(current());
      const follower = await Follower.rebuilt(current());
      const [a, b] = [await current().createGroup(aGroup()), await current().createGroup(aGroup())];
      const persons: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        persons.push((await current().createPerson(aPerson(a.id))).id);
      }
      await follower.follow({ acknowledge: false });
      for (const [index, id] of persons.entries()) {
        await current().addFaces(id, [aFace()]);
        await current().addToGroups(id, index % 3 === 0 ? [b.id] : [a.id, b.id]);
        if (index % 4 === 0) {
          await current().deletePerson(id);
        }
      }
      await follower.follow({ acknowledge: false });
      await current().deleteGroup(a.id);
      await current().removeFromGroup(persons[1] ?? '', b.id);
      await follower.follow();
      expect(await current().readOutbox('index')).toEqual([]);
      const rebuilt = (await Follower.rebuilt(current())).content();
      expect(follower.content()).toEqual(rebuilt);
      expect(Object.keys(rebuilt)).toHaveLength((await current().totals()).faces);
    });

    it('is not needed for what the stream gives: every template once, oldest first', async () => {
      const sizes: number[] = [];
      const ids: string[] = [];
      for await (const batch of current().streamTemplates(MODEL, 5)) {
        sizes.push(batch.length);
        ids.push(...batch.map((template) => template.faceId));
      }
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength((await current().totals()).faces);
      expect(sizes.slice(0, -1).every((size) => size === 5)).toBe(true);
      for await (const _batch of current().streamTemplates('no such version')) {
        throw new Error('there is nothing of this version');
      }
    });
  });
}

async function drain(store: PeopleStore): Promise<void> {
  for (const topic of ['index', 'blobs', 'events'] as const) {
    const entries = await store.readOutbox(topic, 10_000);
    await store.acknowledge(entries.map((entry) => entry.id));
  }
}
