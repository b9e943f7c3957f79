import { endianness } from 'node:os';
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
  return littleEndian(Buffer.from(vector.slice().buffer));
}

/** What bytesOfVector made; undefined for bytes of another length. */
export function vectorOfBytes(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.byteLength !== TEMPLATE_LENGTH * 4) {
    return undefined;
  }
  const vector = new Float32Array(TEMPLATE_LENGTH);
  const copy = Buffer.from(vector.buffer);
  copy.set(bytes);
  littleEndian(copy);
  return vector;
}

/** Between this machine's order of bytes and the stored one, in place. Nearly every machine has the stored one. */
function littleEndian(bytes: Buffer): Buffer {
  return endianness() === 'LE' ? bytes : bytes.swap32();
}
