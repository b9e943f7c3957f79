import { unitVector } from '../index/similarity';

/** Repeatable numbers of -1..1: a linear congruential generator (Numerical Recipes), for directions of all sorts. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A direction of its own for each seed, of length 1. */
export function direction(seed: number): Float32Array {
  const next = numbers(seed);
  return unitVector(Float32Array.from({ length: 512 }, next));
}

/** A direction as far from another as `share` of a direction of its own makes it. */
export function near(vector: Float32Array, seed: number, share: number): Float32Array {
  const own = direction(seed);
  return unitVector(vector.map((value, index) => value + share * (own[index] ?? 0)));
}
