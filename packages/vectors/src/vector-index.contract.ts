import { aFace, cosine, directionOf, near, newFaceId } from './testing/faces';
import type { VectorIndex, VectorIndexes } from './vector-index';

/** Every index keeps cosines at least as exact as this. */
const COSINE_DIGITS = 3;

async function allFaceIds(index: VectorIndex): Promise<string[]> {
  const ids: string[] = [];
  for await (const batch of index.faceIds()) {
    ids.push(...batch);
  }
  return ids.sort();
}

/** What every vector index must do. */
export function describeVectorIndex(name: string, start: () => Promise<VectorIndexes>): void {
  describe(`${name} as a vector index`, () => {
    let indexes: VectorIndexes;
    let index: VectorIndex;
    let version = 0;
    const nextVersion = () => {
      version += 1;
      return `contract-${process.pid}-${version}`;
    };
    let current = '';
    beforeAll(async () => {
      indexes = await start();
    });
    beforeEach(async () => {
      current = nextVersion();
      index = await indexes.open(current);
    });
    afterEach(async () => indexes.drop(current));
    afterAll(async () => indexes.close());

    it('finds nothing while it is empty', async () => {
      expect(await index.search(directionOf(1), { count: 5 })).toEqual([]);
      expect(await index.count()).toBe(0);
      expect(await allFaceIds(index)).toEqual([]);
      expect(await index.healthy()).toBe(true);
    });

    it('finds the nearest faces, best first, with their cosines', async () => {
      const faces = Array.from({ length: 200 }, (_, seed) => aFace(seed));
      await index.upsert(faces);
      const probe = near(directionOf(7), 0.6, 9_999);
      const expected = faces
        .map(({ faceId, personId, vector }) => ({ faceId, personId, cosine: cosine(vector, probe) }))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, 5);
      const matches = await index.search(probe, { count: 5 });
      expect(matches[0]).toMatchObject({ faceId: faces[7]?.faceId, personId: 'person-7' });
      expect(matches.map((match) => match.faceId)).toEqual(expected.map((match) => match.faceId));
      for (const [rank, match] of matches.entries()) {
        expect(match.cosine).toBeCloseTo(expected[rank]?.cosine ?? Number.NaN, COSINE_DIGITS);
      }
    });

    it('gives as many as there are when more are wanted', async () => {
      await index.upsert([aFace(1), aFace(2)]);
      expect(await index.search(directionOf(1), { count: 100 })).toHaveLength(2);
    });

    it('replaces vector, person and groups of a face that is there', async () => {
      const face = aFace(1, { groupIds: ['a', 'b'] });
      await index.upsert([face]);
      await index.upsert([{ ...face, personId: 'other', groupIds: ['b', 'c'], vector: directionOf(2) }]);
      expect(await index.count()).toBe(1);
      const found = async (groupId: string) =>
        index.search(directionOf(2), { count: 5, groupIds: [groupId] });
      expect(await found('a')).toEqual([]);
      for (const groupId of ['b', 'c']) {
        const [match, ...others] = await found(groupId);
        expect(others).toEqual([]);
        expect(match).toMatchObject({ faceId: face.faceId, personId: 'other' });
        expect(match?.cosine).toBeCloseTo(1, COSINE_DIGITS);
      }
    });

    it('takes the last of several entries for one face', async () => {
      const face = aFace(1);
      await index.upsert([face, aFace(3), { ...face, personId: 'last', vector: directionOf(2) }]);
      expect(await index.count()).toBe(2);
      const [match] = await index.search(directionOf(2), { count: 1 });
      expect(match).toMatchObject({ faceId: face.faceId, personId: 'last' });
    });

    it('never finds a face again that was removed', async () => {
      const faces = Array.from({ length: 50 }, (_, seed) => aFace(seed));
      await index.upsert(faces);
      const removed = faces.slice(0, 20).map((face) => face.faceId);
      await index.remove([...removed, newFaceId()]);
      await index.remove(removed);
      const left = faces.slice(20).map((face) => face.faceId);
      expect(await index.count()).toBe(30);
      expect(await allFaceIds(index)).toEqual([...left].sort());
      const matches = await index.search(directionOf(3), { count: 50 });
      expect(matches.map((match) => match.faceId).sort()).toEqual([...left].sort());
      expect(await index.search(directionOf(3), { count: 50, groupIds: ['everybody'] })).toHaveLength(30);
    });

    it('takes new faces in where others went', async () => {
      const first = Array.from({ length: 20 }, (_, seed) => aFace(seed, { groupIds: ['before'] }));
      await index.upsert(first);
      await index.remove(first.map((face) => face.faceId));
      const second = Array.from({ length: 30 }, (_, seed) => aFace(seed + 100, { groupIds: ['after'] }));
      await index.upsert(second);
      expect(await index.search(directionOf(105), { count: 99, groupIds: ['before'] })).toEqual([]);
      const [match] = await index.search(directionOf(105), { count: 99, groupIds: ['after'] });
      expect(match?.faceId).toBe(second[5]?.faceId);
      expect(await index.count()).toBe(30);
    });

    it('searches in any of the groups asked for, and counts a face of two of them once', async () => {
      const faces = [
        aFace(1, { groupIds: ['a'] }),
        aFace(2, { groupIds: ['a', 'b'] }),
        aFace(3, { groupIds: ['b'] }),
        aFace(4, { groupIds: [] }),
        aFace(5, { groupIds: ['c'] }),
      ];
      await index.upsert(faces);
      const persons = async (groupIds?: readonly string[]) =>
        (await index.search(directionOf(9), { count: 9, ...(groupIds === undefined ? {} : { groupIds }) }))
          .map((match) => match.personId)
          .sort();
      expect(await persons(['a'])).toEqual(['person-1', 'person-2']);
      expect(await persons(['a', 'b', 'b'])).toEqual(['person-1', 'person-2', 'person-3']);
      expect(await persons(['nobody'])).toEqual([]);
      expect(await persons([])).toEqual([]);
      expect(await persons()).toEqual(['person-1', 'person-2', 'person-3', 'person-4', 'person-5']);
    });

    it('answers many probes in their order, as it answers each', async () => {
      await index.upsert(
        Array.from({ length: 150 }, (_, seed) => aFace(seed, { groupIds: [`g${seed % 3}`] })),
      );
      const probes = Array.from({ length: 150 }, (_, seed) => near(directionOf(seed), 0.6, seed + 5_000));
      const query = { count: 3, groupIds: ['g0', 'g2'] };
      const together = await index.searchMany(probes, query);
      expect(together).toHaveLength(150);
      for (const seed of [0, 64, 149]) {
        expect(together[seed]).toEqual(await index.search(probes[seed] ?? new Float32Array(), query));
      }
      expect(together[2]?.[0]?.personId).toBe('person-2');
      expect(await index.searchMany([], query)).toEqual([]);
    });

    it('finds at once what was added, while others add', async () => {
      const add = async (seed: number) => {
        const face = aFace(seed);
        await index.upsert([face]);
        const [match] = await index.search(face.vector, { count: 1 });
        expect(match?.faceId).toBe(face.faceId);
      };
      await Promise.all(Array.from({ length: 40 }, (_, seed) => add(seed)));
      expect(await index.count()).toBe(40);
    });

    it('lists every face id once', async () => {
      const faces = Array.from({ length: 2_500 }, (_, seed) => aFace(0, { personId: `${seed}` }));
      await index.upsert(faces);
      expect(await allFaceIds(index)).toEqual(faces.map((face) => face.faceId).sort());
      expect(await index.count()).toBe(2_500);
    });

    it('refuses vectors of another length', async () => {
      const short = directionOf(1, 128);
      await expect(index.upsert([aFace(2), aFace(1, { vector: short })])).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
      await expect(index.search(short, { count: 1 })).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
      await expect(index.searchMany([short], { count: 1 })).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
      });
      expect(await index.count()).toBe(0);
    });

    it('keeps the indexes of model versions apart', async () => {
      const other = nextVersion();
      const otherIndex = await indexes.open(other);
      await index.upsert([aFace(1)]);
      expect(await otherIndex.count()).toBe(0);
      await otherIndex.upsert([aFace(2), aFace(3)]);
      const again = await indexes.open(other);
      expect(await again.count()).toBe(2);
      await indexes.drop(other);
      await indexes.drop(other);
      expect(await (await indexes.open(other)).count()).toBe(0);
      await indexes.drop(other);
      expect(await index.count()).toBe(1);
    });

    it('can be opened twice at once', async () => {
      const version = nextVersion();
      const [a, b] = await Promise.all([indexes.open(version), indexes.open(version)]);
      await a.upsert([aFace(1)]);
      expect(await b.count()).toBe(1);
      await indexes.drop(version);
    });

    it('answers nothing any more once it is closed', async () => {
      const version = nextVersion();
      const closed = await indexes.open(version);
      await closed.close();
      expect(await closed.healthy()).toBe(false);
      const gone = { reason: 'VECTOR_INDEX_UNAVAILABLE' };
      await expect(closed.search(directionOf(1), { count: 1 })).rejects.toMatchObject(gone);
      await expect(closed.count()).rejects.toMatchObject(gone);
      expect(await (await indexes.open(version)).count()).toBe(0);
      await indexes.drop(version);
    });
  });
}
