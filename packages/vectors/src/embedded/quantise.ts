/**
 * A vector of length 1 as int16 numbers of length 2^15 - 1. Two such have a dot product below 2^30, and so has, by
 * Cauchy and Schwarz, every sum of some of its terms: int32 sums never overflow. The cosine that they give is off by
 * about 1e-5.
 */
export const FINE_LENGTH = 32_767;

/** What a dot product of two fine vectors is divided by to get the cosine. */
export const FINE_DOT_OF_ONE = FINE_LENGTH ** 2;

export function quantiseFine(vector: Float32Array): Int16Array {
  let squares = 0;
  for (let index = 0; index < vector.length; index += 1) {
    const value = vector[index] ?? 0;
    squares += value * value;
  }
  const scale = squares === 0 ? 0 : FINE_LENGTH / Math.sqrt(squares);
  const fine = new Int16Array(vector.length);
  for (let index = 0; index < vector.length; index += 1) {
    // Several times as fast as Math.round, which treats halves below zero in a way of its own.
    fine[index] = Math.floor((vector[index] ?? 0) * scale + 0.5);
  }
  return fine;
}
