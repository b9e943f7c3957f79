import { ConversionError } from './errors';
import type { TfGraphModel, TfWeight } from './graph-model';

/** A constant of the graph. Integers are held as floats: they are shapes, axes and paddings. */
export interface Constant {
  shape: number[];
  values: Float32Array;
}

const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const;

/** Reads every weight of the shards, given in the manifest's order, undoing quantisation. */
export function readWeights(model: TfGraphModel, shards: readonly Uint8Array[]): Map<string, Constant> {
  const weights = new Map<string, Constant>();
  let shard = 0;
  for (const group of model.weightsManifest) {
    const bytes = Buffer.concat(shards.slice(shard, shard + group.paths.length));
    shard += group.paths.length;
    readGroup(group.weights, bytes, weights);
  }
  return weights;
}

function readGroup(specs: readonly TfWeight[], bytes: Buffer, into: Map<string, Constant>): void {
  let offset = 0;
  for (const spec of specs) {
    const stored = spec.quantization?.dtype ?? spec.dtype;
    const length = spec.shape.reduce((product, size) => product * size, 1);
    const end = offset + length * BYTES[stored];
    if (end > bytes.length) throw new ConversionError('malformed-model', `weights end inside ${spec.name}`);
    into.set(spec.name, { shape: spec.shape, values: readValues(spec, stored, bytes, offset, length) });
    offset = end;
  }
}

function readValues(
  spec: TfWeight,
  stored: keyof typeof BYTES,
  bytes: Buffer,
  offset: number,
  length: number,
): Float32Array {
  const at = (index: number): number => readOne(stored, bytes, offset + index * BYTES[stored]);
  const values = Float32Array.from({ length }, (_, index) => at(index));
  const { scale, min } = spec.quantization ?? {};
  if (scale === undefined || min === undefined) return values;
  const affine = values.map((value) => value * scale + min);
  return spec.dtype === 'int32' ? affine.map(Math.round) : affine;
}

function readOne(stored: keyof typeof BYTES, bytes: Buffer, at: number): number {
  switch (stored) {
    case 'float32':
      return bytes.readFloatLE(at);
    case 'int32':
      return bytes.readInt32LE(at);
    case 'float16':
      return halfToFloat(bytes.readUInt16LE(at));
    case 'uint16':
      return bytes.readUInt16LE(at);
    default:
      return bytes.readUInt8(at);
  }
}

/** IEEE 754 binary16 to a number. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}
