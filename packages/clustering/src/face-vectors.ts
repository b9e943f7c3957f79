/** Templates of unit length, one after another. */
export interface FaceVectors {
  readonly values: Float32Array<ArrayBuffer>;
  /** Numbers of each. */
  readonly dimensions: number;
}

/** How many there are. */
export function faceCount({ values, dimensions }: FaceVectors): number {
  return values.length / dimensions;
}

/**
 * The dot product of two vectors of a list, by their places. Always of single precision numbers: given arrays of two
 * kinds, V8 would compile it for either and run at half the speed.
 */
export function dot({ values, dimensions }: FaceVectors, a: number, b: number): number {
  const [fromA, fromB] = [a * dimensions, b * dimensions];
  const wholeSteps = dimensions - (dimensions % 4);
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  // Four sums, none of which waits for another. The defaults only satisfy the type.
  for (let at = 0; at < wholeSteps; at += 4) {
    sum0 += (values[fromA + at] ?? 0) * (values[fromB + at] ?? 0);
    sum1 += (values[fromA + at + 1] ?? 0) * (values[fromB + at + 1] ?? 0);
    sum2 += (values[fromA + at + 2] ?? 0) * (values[fromB + at + 2] ?? 0);
    sum3 += (values[fromA + at + 3] ?? 0) * (values[fromB + at + 3] ?? 0);
  }
  for (let at = wholeSteps; at < dimensions; at++) {
    sum0 += (values[fromA + at] ?? 0) * (values[fromB + at] ?? 0);
  }
  return sum0 + sum1 + sum2 + sum3;
}
