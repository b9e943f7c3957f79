import { type Cluster, clusterFaces } from './cluster-faces';
import { type FaceVectors, faceCount } from './face-vectors';
import { faceVectors, syntheticPersons } from './testing/faces';

/** A point of the unit circle. */
const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
const cosineOf = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
const facesOf = (clusters: readonly Cluster[]) => clusters.map(({ faces }) => faces);

describe('clusterFaces', () => {
  it('gives each synthetic person one cluster, largest first, with all photos', () => {
    const samples = [1, 7, 40, 1, 3, 12];
    const clusters = clusterFaces(faceVectors(syntheticPersons(samples)), 0.4);
    expect(facesOf(clusters)).toEqual([range(8, 48), range(52, 64), range(1, 8), range(49, 52), [0], [48]]);
  });

  it('does not depend on the order of the faces', () => {
    const vectors = syntheticPersons([5, 2, 9, 1, 1, 4]);
    const order = vectors.map((_, index) => (index * 7) % vectors.length);
    const shuffled = clusterFaces(faceVectors(order.map((place) => vectors[place] ?? [])), 0.4);
    const named = shuffled.map(({ faces }) => faces.map((face) => order[face] ?? -1).sort((a, b) => a - b));
    const sorted = (sets: readonly (readonly number[])[]) => sets.map((set) => set.join(' ')).sort();
    expect(sorted(named)).toEqual(sorted(facesOf(clusterFaces(faceVectors(vectors), 0.4))));
  });

  it('does not chain strangers together', () => {
    // Each is near the next, the first and the last are a right angle apart.
    const chain = faceVectors([at(0), at(30), at(60), at(90)]);
    expect(facesOf(clusterFaces(chain, cosineOf(40)))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('joins two clusters from the mean of their pairs on, not below it', () => {
    const faces = faceVectors([at(0), at(10), at(50)]);
    const mean = (cosineOf(50) + cosineOf(40)) / 2;
    expect(facesOf(clusterFaces(faces, mean - 1e-4))).toEqual([[0, 1, 2]]);
    expect(facesOf(clusterFaces(faces, mean + 1e-4))).toEqual([[0, 1], [2]]);
  });

  it('tells how alike the faces of a cluster are', () => {
    const [cluster] = clusterFaces(faceVectors([at(0), at(10), at(50)]), 0.5);
    expect(cluster?.cohesion?.meanCosine).toBeCloseTo((cosineOf(10) + cosineOf(40) + cosineOf(50)) / 3, 6);
    expect(cluster?.cohesion?.minimumCosine).toBeCloseTo(cosineOf(50), 6);
  });

  it('has nothing to tell of the likeness of a single face', () => {
    expect(clusterFaces(faceVectors([at(0)]), 0.5)).toEqual([{ faces: [0] }]);
  });

  it('makes of no faces no clusters', () => {
    expect(clusterFaces({ values: new Float32Array(), dimensions: 512 }, 0.5)).toEqual([]);
  });

  it('puts the same face given many times into one cluster', () => {
    const clusters = clusterFaces(faceVectors(Array.from({ length: 100 }, () => at(20))), 0.99);
    expect(facesOf(clusters)).toEqual([range(0, 100)]);
    expect(clusters[0]?.cohesion?.minimumCosine).toBeCloseTo(1, 6);
  });

  it('joins all when any likeness will do, and none when no likeness does', () => {
    const faces = faceVectors(syntheticPersons([2, 2, 2]));
    expect(clusterFaces(faces, -1)).toHaveLength(1);
    expect(clusterFaces(faces, Number.POSITIVE_INFINITY)).toHaveLength(6);
  });

  it.each([1, 2, 3])('comes to what merging the nearest two, over and over, comes to (seed %d)', (seed) => {
    // Persons so scattered that clusters touch: the nearest-neighbour chain has choices to make.
    const loose = syntheticPersons([6, 5, 4, 9, 3, 1, 1, 2], seed).map((vector) => vector.slice(0, 6));
    const faces = faceVectors(loose);
    for (const leastMean of [0.2, 0.5, 0.8]) {
      expect(facesOf(clusterFaces(faces, leastMean))).toEqual(mergedOneByOne(faces, leastMean));
    }
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Average linkage as it is defined, from all pairs anew at every step. */
function mergedOneByOne(vectors: FaceVectors, leastMean: number): number[][] {
  const { values, dimensions } = vectors;
  const vector = (face: number) => values.subarray(face * dimensions, (face + 1) * dimensions);
  const cosine = (a: number, b: number) =>
    vector(a).reduce((sum, x, at) => sum + x * (vector(b)[at] ?? 0), 0);
  const mean = (a: readonly number[], b: readonly number[]) =>
    a.flatMap((one) => b.map((other) => cosine(one, other))).reduce((sum, value) => sum + value, 0) /
    (a.length * b.length);
  let clusters = range(0, faceCount(vectors)).map((face) => [face]);
  for (;;) {
    const pairs = clusters.flatMap((a, index) =>
      clusters.slice(0, index).map((b) => ({ a, b, m: mean(a, b) })),
    );
    const best = pairs.sort((one, other) => other.m - one.m)[0];
    if (best === undefined || best.m < leastMean) {
      return clusters
        .map((cluster) => cluster.sort((a, b) => a - b))
        .sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
    }
    const { a, b } = best;
    clusters = [...clusters.filter((cluster) => cluster !== a && cluster !== b), [...a, ...b]];
  }
}
