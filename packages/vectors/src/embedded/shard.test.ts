import { cosine, faceLike, newFaceId } from '../testing/faces';
import type { Face } from './face-table';
import { Shard } from './shard';

const DIMENSIONS = 512;
const IDENTITIES = 2_000;
const LEARN_FROM = 4_096;
const SAMPLES = 3;
const AT_ONCE = 1_000;

interface Enrolled extends Face {
  readonly vector: Float32Array;
}

function enrolled(): Enrolled[] {
  return Array.from({ length: IDENTITIES * SAMPLES }, (_, index) => {
    const identity = Math.floor(index / SAMPLES);
    return {
      faceId: newFaceId(),
      personId: `person-${identity}`,
      groupIds: [`tenth-${identity % 10}`, identity % 2 === 0 ? 'even' : 'odd'],
      vector: faceLike(identity, index % SAMPLES),
    };
  });
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.length * DIMENSIONS);
  for (const [index, vector] of vectors.entries()) {
    all.set(vector, index * DIMENSIONS);
  }
  return all;
}

function put(shard: Shard, faces: readonly Enrolled[]): void {
  for (let first = 0; first < faces.length; first += AT_ONCE) {
    const some = faces.slice(first, first + AT_ONCE);
    shard.upsert(some, joined(some.map((face) => face.vector)));
  }
}

describe('a shard that has learned', () => {
  const faces = enrolled();
  const shard = new Shard(DIMENSIONS, LEARN_FROM);
  const late = faces.slice(-300);
  const gone = faces.slice(0, 90);
  const here = faces.slice(90);
  const probes = Array.from({ length: 30 }, (_, index) => faceLike(IDENTITIES - 1 - index * 50, 50));

  const nearest = (probe: Float32Array, among: readonly Enrolled[]) =>
    among
      .map(({ faceId, vector }) => ({ faceId, cosine: cosine(vector, probe) }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, 10)
      .map(({ faceId }) => faceId);

  const recall = (groupIds?: readonly string[]) => {
    const among = here.filter((face) => groupIds?.some((id) => face.groupIds.includes(id)) ?? true);
    const found = shard.search(joined(probes), 10, groupIds);
    const right = probes.map((probe, index) => {
      const ids = new Set(found[index]?.map((match) => match.faceId));
      return nearest(probe, among).filter((id) => ids.has(id)).length / 10;
    });
    return right.reduce((sum, share) => sum + share, 0) / right.length;
  };

  beforeAll(() => {
    put(shard, faces.slice(0, -300));
    expect(shard.shouldLearn).toBe(true);
    let pauses = 0;
    for (const _ of shard.learn()) {
      // What comes and goes while it learns.
      if (pauses === 700) {
        put(shard, late);
      }
      if (pauses === 800) {
        shard.remove(gone.map((face) => face.faceId));
      }
      pauses += 1;
    }
    expect(pauses).toBeGreaterThan(800);
    expect(shard.shouldLearn).toBe(false);
  });

  it('still finds the nearest', () => {
    expect(recall()).toBeGreaterThanOrEqual(0.99);
  });

  it.each([[['tenth-3']], [['even']], [['tenth-1', 'tenth-2', 'odd']]])(
    'finds the nearest of %j',
    (groupIds) => {
      expect(recall(groupIds)).toBeGreaterThanOrEqual(0.99);
    },
  );

  it('finds who came while it learned, and not who went', () => {
    expect(shard.count()).toBe(here.length);
    const came = shard.search(joined(late.map((face) => face.vector)), 1);
    expect(came.map(([match]) => match?.faceId)).toEqual(late.map((face) => face.faceId));
    const went = new Set(gone.map((face) => face.faceId));
    const found = shard.search(joined(gone.map((face) => face.vector)), 10).flat();
    expect(found).toHaveLength(900);
    expect(found.filter((match) => went.has(match.faceId))).toEqual([]);
  });

  it('finds whose vector and groups changed', () => {
    const [face] = late;
    const changed = { ...(face ?? here[0]), groupIds: ['moved'], vector: faceLike(77_777, 0) } as Enrolled;
    put(shard, [changed]);
    const [[match] = []] = shard.search(faceLike(77_777, 0), 1);
    expect(match?.faceId).toBe(changed.faceId);
    expect(shard.search(faceLike(77_777, 0), 5, ['moved']).flat()).toHaveLength(1);
    put(shard, late.slice(0, 1));
  });

  it('lists all faces in batches', () => {
    const ids: string[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const batch: ReturnType<Shard['faceIds']> = shard.faceIds(from);
      ids.push(...batch.ids);
      from = batch.next;
    }
    expect(ids.sort()).toEqual(here.map((face) => face.faceId).sort());
  });
});

it('a shard learns from faces that are all the same', () => {
  const shard = new Shard(DIMENSIONS, LEARN_FROM);
  const vector = faceLike(1, 0);
  put(
    shard,
    Array.from({ length: LEARN_FROM }, () => ({
      faceId: newFaceId(),
      personId: 'one',
      groupIds: [],
      vector,
    })),
  );
  for (const _ of shard.learn()) {
    // Nothing to do at the pauses.
  }
  const [matches = []] = shard.search(vector, 3);
  expect(matches.map((match) => match.cosine.toFixed(3))).toEqual(['1.000', '1.000', '1.000']);
});
