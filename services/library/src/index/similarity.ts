/** The vector at length 1. */
export function unitVector(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dotProduct(vector, vector));
  return norm === 1 ? vector : vector.map((value) => value / norm);
}

/** Of vectors of one length. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    sum += (a[index] ?? 0) * (b[index] ?? 0);
  }
  return sum;
}

/** -1..1 */
export function cosineOf(a: Float32Array, b: Float32Array): number {
  const cosine = dotProduct(a, b) / Math.sqrt(dotProduct(a, a) * dotProduct(b, b));
  return Math.min(1, Math.max(-1, cosine));
}
