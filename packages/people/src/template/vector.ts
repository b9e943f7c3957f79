import { invalid } from '../naming';

/** Numbers of a template. */
export const TEMPLATE_LENGTH = 512;

/** Throws ARGUMENT_INVALID unless the vector has 512 finite numbers, not all of them nothing. */
export function checkVector(field: string, vector: Float32Array): void {
  if (vector.length !== TEMPLATE_LENGTH) {
    throw invalid(field, `a template has ${TEMPLATE_LENGTH} numbers`);
  }
  const norm = Math.sqrt(squaredNorm(vector));
  if (!Number.isFinite(norm) || norm === 0) {
    throw invalid(field, 'a template is a direction: finite numbers, not all 0');
  }
}

export function squaredNorm(vector: Float32Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

/** Little-endian float32, one after the other: 2,048 bytes. */
export function bytesOfVector(vector: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes;
}

/** What bytesOfVector made; undefined for bytes of another length. */
export function vectorOfBytes(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.byteLength !== TEMPLATE_LENGTH * 4) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: TEMPLATE_LENGTH }, (_, index) => view.getFloat32(index * 4, true));
}
