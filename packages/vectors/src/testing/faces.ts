import type { IndexedVector } from '../vector-index';
import { DEFAULT_DIMENSIONS } from '../vector-length';

let made = 0;

/** A lower-case UUID (version 4) that no other face of this process has. */
export function newFaceId(): string {
  made += 1;
  const digits = Math.imul(made, 0x9e3779b1) >>> 0;
  const last = digits.toString(16).padStart(8, '0');
  return `${made.toString(16).padStart(8, '0')}-0000-4000-8000-0000${last}`;
}

/** A direction of the seed's own: numbers spread as a normal distribution's, brought to length 1. */
export function directionOf(seed: number, dimensions = DEFAULT_DIMENSIONS): Float32Array {
  const next = mulberry32(seed);
  return unit(
    Float32Array.from(
      { length: dimensions },
      () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    ),
  );
}

/**
 * A sample of an identity, spread over the dimensions as templates of real faces are: two samples of one have a cosine
 * around 0.75, of two up to 0.4.
 */
export function faceLike(identity: number, sample: number): Float32Array {
  const spread = (seed: number) =>
    unit(directionOf(seed).map((value, index) => value * (1 + index / 20) ** -0.75));
  const centre = spread(identity * 100);
  const noise = spread(identity * 100 + 1 + sample);
  return unit(centre.map((value, index) => value + 0.6 * (noise[index] ?? 0)));
}

/** A vector near another one: of `closeness` 1 the same, of 0 one that has nothing to do with it. */
export function near(vector: Float32Array, closeness: number, seed: number): Float32Array {
  const other = directionOf(seed, vector.length);
  return unit(vector.map((value, index) => closeness * value + (1 - closeness) * (other[index] ?? 0)));
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) {
    sum += (a[index] ?? 0) * (b[index] ?? 0);
  }
  return sum;
}

export function aFace(seed: number, changes: Partial<IndexedVector> = {}): IndexedVector {
  return {
    faceId: newFaceId(),
    personId: `person-${seed}`,
    groupIds: ['everybody'],
    vector: directionOf(seed),
    ...changes,
  };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(cosine(vector, vector));
  return vector.map((value) => value / length);
}

/** Public domain generator of Tommy Ettinger's: a whole 32-bit period, good enough to spread test data. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
