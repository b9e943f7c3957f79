import { MienError } from '@mien/errors';

/** Numbers in a template, unless the model says otherwise. */
export const DEFAULT_DIMENSIONS = 512;

/** Throws ARGUMENT_INVALID for a vector of another length. */
export function requireLength(vector: Float32Array, dimensions: number): void {
  if (vector.length !== dimensions) {
    throw new MienError(
      'ARGUMENT_INVALID',
      `the vector has ${vector.length} numbers, the index needs ${dimensions}`,
      { metadata: { field: 'vector' } },
    );
  }
}
