import type { FaceVectors } from '../face-vectors';

/** Vectors one after another, each made of length 1. */
export function faceVectors(vectors: readonly (readonly number[])[]): FaceVectors {
  const unit = vectors.map((vector) => vector.map((value) => value / Math.hypot(...vector)));
  return { values: Float32Array.from(unit.flat()), dimensions: vectors[0]?.length ?? 1 };
}

const DIMENSIONS = 128;

/**
 * Photos of persons: each a direction of its own, samples scattered around it as far as those of real faces are. Two
 * of a person have a cosine of about 0.7, of strangers about 0.
 */
export function syntheticPersons(samplesOf: readonly number[], seed = 1): number[][] {
  const random = lehmer(seed);
  return samplesOf.flatMap((samples) => {
    const centre = direction(random);
    return Array.from({ length: samples }, () => {
      const offset = direction(random);
      return centre.map((value, at) => value + 0.6 * (offset[at] ?? 0));
    });
  });
}

/** Evenly spread over the sphere, by Box and Muller's method. */
function direction(random: () => number): number[] {
  const normal = Array.from(
    { length: DIMENSIONS },
    () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );
  const length = Math.hypot(...normal);
  return normal.map((value) => value / length);
}

/** Numbers in 0..1, neither end among them: Park and Miller's generator with Lehmer's method. */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
