import {
  type AttributeValue,
  attribute,
  floatTensor,
  int64Tensor,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/model';
import { ConversionError } from './errors';
import { dataInputs, type TfNode } from './graph-model';
import type { Constant } from './weights';

/** The size that stands for the batch, the first dimension of every activation. */
export const BATCH = -1;

/**
 * An activation. `shape` is TensorFlow's (NHWC for rank 4); in the ONNX graph a tensor of rank 4 always lies as
 * NCHW, so that convolutions follow one another without transposes, and every other rank lies as it is.
 */
export interface Tensor {
  name: string;
  shape: number[];
}

/** What a clamped tensor was made from: lets `min(max(relu(x)))` chains become one Clip. */
interface Clamp {
  source: Tensor;
  min: number;
  max: number;
}

/** The ONNX graph under construction, with what is known of the TensorFlow nodes already translated. */
export class Scope {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly tensors = new Map<string, Tensor>();
  readonly clamps = new Map<string, Clamp>();
  #serial = 0;

  constructor(readonly constants: ReadonlyMap<string, Constant>) {}

  /** Appends a node and gives the name of its one output. */
  add(opType: string, input: string[], attributes: Record<string, AttributeValue> = {}): string {
    const output = `${opType}_${this.#serial++}`;
    this.nodes.push({
      opType,
      name: output,
      input,
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  floats(shape: readonly number[], values: Float32Array): string {
    const name = `weight_${this.#serial++}`;
    this.initializers.push(floatTensor(name, shape, values));
    return name;
  }

  ints(values: readonly number[]): string {
    const name = `shape_${this.#serial++}`;
    this.initializers.push(int64Tensor(name, values));
    return name;
  }

  /** The activation that input `index` of a node refers to. */
  tensor(node: TfNode, index: number): Tensor {
    const name = dataInputs(node)[index];
    const tensor = name === undefined ? undefined : this.tensors.get(name);
    if (!tensor) {
      throw new ConversionError('unsupported-form', `${node.name}: input ${index} is not an activation`);
    }
    return tensor;
  }

  /** The constant that input `index` of a node refers to, or undefined when it is an activation or absent. */
  optionalConstant(node: TfNode, index: number): Constant | undefined {
    return this.constants.get(dataInputs(node)[index] ?? '');
  }

  constant(node: TfNode, index: number): Constant {
    const constant = this.optionalConstant(node, index);
    if (!constant)
      throw new ConversionError('unsupported-form', `${node.name}: input ${index} must be constant`);
    return constant;
  }

  /** The whole numbers of a constant input (axes, shapes, paddings). */
  integers(node: TfNode, index: number): number[] {
    return [...this.constant(node, index).values];
  }
}

/** Height, width and channels of an image-shaped activation. */
export function imageSize(node: TfNode, tensor: Tensor): { height: number; width: number; channels: number } {
  const [, height, width, channels] = tensor.shape;
  if (tensor.shape.length !== 4 || height === undefined || width === undefined || channels === undefined) {
    throw new ConversionError('unsupported-form', `${node.name}: expected rank 4, got [${tensor.shape}]`);
  }
  return { height, width, channels };
}

/** The position in the ONNX tensor of a TensorFlow axis, negative axes counting from the end. */
export function onnxAxis(tensor: Tensor, axis: number): number {
  const rank = tensor.shape.length;
  const positive = axis < 0 ? axis + rank : axis;
  if (rank !== 4) return positive;
  return [0, 2, 3, 1][positive] ?? positive;
}
