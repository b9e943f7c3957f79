import { modelMessage } from './schema';

/** `TensorProto.DataType` of the element types that face models use. */
export const FLOAT = 1;
const INT64 = 7;

/** `AttributeProto.AttributeType`. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

export interface OnnxTensor {
  name?: string;
  dims: number[];
  dataType: number;
  rawData?: Uint8Array;
  floatData?: number[];
  int64Data?: number[];
}

export interface OnnxAttribute {
  name: string;
  type?: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: OnnxTensor;
  floats?: number[];
  ints?: number[];
  strings?: Uint8Array[];
}

export interface OnnxNode {
  opType: string;
  name?: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
}

interface OnnxDimension {
  dimValue?: number;
  dimParam?: string;
}

export interface OnnxValueInfo {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: OnnxDimension[] } } };
}

export interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
}

export interface OnnxModel {
  irVersion: number;
  producerName?: string;
  producerVersion?: string;
  graph: OnnxGraph;
  opsetImport: { domain?: string; version: number }[];
}

/** Reads an ONNX file. Fields outside the definition (documentation, metadata) are dropped. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const message = modelMessage.decode(bytes);
  return modelMessage.toObject(message, { longs: Number, arrays: true }) as OnnxModel;
}

/** Writes an ONNX file; the same model always gives the same bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return modelMessage.encode(modelMessage.fromObject(model)).finish();
}

/** A tensor of 32-bit floats. */
export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  const rawData = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    rawData.writeFloatLE(value, index * 4);
  });
  return { name, dims: [...dims], dataType: FLOAT, rawData };
}

/** A one-dimensional tensor of 64-bit integers, as shapes and axes are given. */
export function int64Tensor(name: string, values: readonly number[]): OnnxTensor {
  const rawData = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => {
    rawData.writeBigInt64LE(BigInt(value), index * 8);
  });
  return { name, dims: [values.length], dataType: INT64, rawData };
}

/** The values of an INT64 tensor. */
export function readInt64(tensor: OnnxTensor): number[] {
  const raw = tensor.rawData;
  if (!raw || raw.length === 0) return tensor.int64Data ?? [];
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.length / 8 }, (_, index) => Number(bytes.readBigInt64LE(index * 8)));
}

/** The values of a FLOAT tensor. */
export function readFloat(tensor: OnnxTensor): Float32Array {
  const raw = tensor.rawData;
  if (!raw || raw.length === 0) return Float32Array.from(tensor.floatData ?? []);
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  return Float32Array.from({ length: raw.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

/** What an attribute may be given as: a list is INTS, a whole number INT, `{ float }` FLOAT, text STRING. */
export type AttributeValue = number | readonly number[] | string | { float: number };

/** An attribute of a node, its type taken from the value. */
export function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: Buffer.from(value) };
  if ('float' in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
}

/** Declares a float input or output; a text dimension is symbolic (any size). */
export function valueInfo(name: string, dims: readonly (number | string)[]): OnnxValueInfo {
  const dim = dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
