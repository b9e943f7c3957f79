import type { PeopleStore } from '../../people-store';
import { aFace, aFaceWithBlobs, aGroup, aPerson, newId } from '../people';

/** The shortest lease there is. */
const LEASE_SECONDS = 1;

export function describeBlobs(current: () => PeopleStore): void {
  describe('reserved blobs', () => {
    it('are told to be unused when the lease ends without an enrolment', async () => {
      const [late, kept, given] = [newKey(), newKey(), newKey()];
      await current().reserveBlobs([late, given, late], LEASE_SECONDS);
      await current().reserveBlobs([kept], 3600);
      expect(await unused(current())).not.toContain(late);
      expect(await current().blobsKnown([late, kept, newKey()])).toEqual(new Set([late, kept]));
      expect(await current().blobsInUse([late])).toEqual(new Set());
      await untilUnused(current(), late);
      const entries = await current().readOutbox('blobs', 10_000);
      expect(keysOf(entries)).toEqual(expect.arrayContaining([late, given]));
      expect(keysOf(entries)).not.toContain(kept);
      await current().acknowledge(entries.map((entry) => entry.id));
      expect(await current().blobsKnown([late, kept])).toEqual(new Set([kept]));
    });

    it('belong to the faces that use them, and are told to be unused after those', async () => {
      const group = await current().createGroup(aGroup());
      const face = await aFaceWithBlobs(current());
      const keys = [face.cropKey ?? '', face.photoKey ?? ''];
      const person = await current().createPerson(aPerson(group.id, { face }));
      await current().releaseBlobs(keys);
      expect(await unused(current())).not.toContain(face.cropKey);
      expect(await current().blobsKnown(keys)).toEqual(new Set(keys));
      await expect(current().reserveBlobs([newKey(), keys[1] ?? ''], 60)).rejects.toMatchObject({
        reason: 'CONFLICT',
      });
      await current().deletePerson(person.id);
      expect(await unused(current())).toEqual(expect.arrayContaining(keys));
    });

    it('are reserved for longer by who asks again, until they are told to be unused', async () => {
      const group = await current().createGroup(aGroup());
      const face = await aFaceWithBlobs(current());
      const key = face.photoKey ?? '';
      await current().reserveBlobs([key], LEASE_SECONDS);
      await current().releaseBlobs([key]);
      await current().reserveBlobs([key], 3600);
      expect(await unused(current())).not.toContain(key);
      await current().releaseBlobs([key]);
      const entry = (await current().readOutbox('blobs', 10_000)).find((one) => keysOf([one])[0] === key);
      await expect(current().reserveBlobs([key], 3600)).rejects.toMatchObject({ reason: 'CONFLICT' });
      const person = aPerson(group.id, { face });
      const refusal = { reason: 'BLOB_NOT_RESERVED', metadata: { blobKey: key } };
      await expect(current().createPerson(person)).rejects.toMatchObject(refusal);
      await current().acknowledge([entry?.id ?? 0]);
      await expect(current().createPerson(person)).rejects.toMatchObject(refusal);
      await current().reserveBlobs([key], 3600);
      expect((await current().createPerson(person)).faces[0]?.photoKey).toBe(key);
    });

    it('stay reserved when the enrolment fails', async () => {
      const group = await current().createGroup(aGroup());
      const person = await current().createPerson(aPerson(group.id));
      const face = await aFaceWithBlobs(current());
      const other = { ...aFace(), cropKey: newKey() };
      await expect(current().addFaces(person.id, [face, other])).rejects.toMatchObject({
        reason: 'BLOB_NOT_RESERVED',
      });
      const twice = { ...aFace(), cropKey: face.photoKey ?? '' };
      await expect(current().addFaces(person.id, [face, twice])).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
      expect(await current().addFaces(person.id, [face])).toHaveLength(1);
      await expect(current().addFaces(person.id, [twice])).rejects.toMatchObject({
        reason: 'BLOB_NOT_RESERVED',
      });
    });

    it('go to one of many enrolments, or to the outbox, never to both', async () => {
      const group = await current().createGroup(aGroup());
      const faces = await Promise.all(Array.from({ length: 20 }, () => aFaceWithBlobs(current())));
      const release = current().releaseBlobs(faces.map((face) => face.photoKey ?? ''));
      const enrolments = faces.flatMap((face) => [
        current().createPerson(aPerson(group.id, { face })),
        current().createPerson(aPerson(group.id, { face: { ...face, id: aFace().id } })),
      ]);
      const reading = Promise.all([unused(current()), unused(current())]);
      const outcomes = await Promise.allSettled(enrolments);
      await release;
      const given = new Set((await reading).flat());
      for (const [index, face] of faces.entries()) {
        const [a, b] = outcomes.slice(index * 2);
        const enrolled = [a, b].filter((outcome) => outcome?.status === 'fulfilled').length;
        expect(enrolled).toBeLessThanOrEqual(given.has(face.photoKey ?? '') ? 0 : 1);
      }
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toMatchObject({ reason: 'BLOB_NOT_RESERVED' });
        }
      }
      const inUse = await current().blobsInUse(faces.map((face) => face.photoKey ?? ''));
      expect([...inUse].filter((key) => given.has(key))).toEqual([]);
    });

    it.each([0, Number.NaN, 90_000])('have no lease of %s seconds', async (seconds) => {
      await expect(current().reserveBlobs([newKey()], seconds)).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
    });
  });
}

function newKey(): string {
  return `photos/${newId('blob')}`;
}

function keysOf(entries: Awaited<ReturnType<PeopleStore['readOutbox']>>): string[] {
  return entries.flatMap((entry) => (entry.kind === 'blob-unused' ? [entry.key] : []));
}

async function unused(store: PeopleStore): Promise<string[]> {
  return keysOf(await store.readOutbox('blobs', 10_000));
}

/** Asks until the database's clock has passed the lease. */
async function untilUnused(store: PeopleStore, key: string): Promise<void> {
  while (!(await unused(store)).includes(key)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
