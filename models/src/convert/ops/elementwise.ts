import { ConversionError } from '../errors';
import { attributes, type TfNode } from '../graph-model';
import type { Scope, Tensor } from '../scope';
import { clamp, prelu as preluTensor } from './activation';
import { broadcastConstant } from './broadcast';

type Operator = (node: TfNode, scope: Scope) => Tensor;

/** An operator of one activation that has the same meaning in ONNX. */
export function unary(onnxName: string): Operator {
  return (node, scope) => {
    const input = scope.tensor(node, 0);
    return { name: scope.add(onnxName, [input.name]), shape: input.shape };
  };
}

/** An operator of two operands, either of which may be constant, that has the same meaning in ONNX. */
export function binary(onnxName: string): Operator {
  return (node, scope) => {
    const left = scope.optionalConstant(node, 0);
    const right = scope.optionalConstant(node, 1);
    const anchor = scope.tensor(node, left ? 1 : 0);
    const first = left ? broadcastConstant(scope, anchor, left) : anchor.name;
    const second = right ? broadcastConstant(scope, anchor, right) : scope.tensor(node, 1).name;
    const other = left || right ? anchor : scope.tensor(node, 1);
    return { name: scope.add(onnxName, [first, second]), shape: broadcastShape(node, anchor, other) };
  };
}

function broadcastShape(node: TfNode, left: Tensor, right: Tensor): number[] {
  if (left.shape.length !== right.shape.length) {
    throw new ConversionError('unsupported-form', `${node.name}: [${left.shape}] against [${right.shape}]`);
  }
  return left.shape.map((size, axis) => (size === 1 ? (right.shape[axis] ?? size) : size));
}

export const relu: Operator = (node, scope) =>
  clamp(scope, scope.tensor(node, 0), 0, Number.POSITIVE_INFINITY);

export const relu6: Operator = (node, scope) => clamp(scope, scope.tensor(node, 0), 0, 6);

/** Minimum against a single number is a clamp; anything else stays a minimum. */
export const minimum: Operator = (node, scope) => {
  const bound = scope.optionalConstant(node, 1);
  if (bound?.values.length !== 1) return binary('Min')(node, scope);
  return clamp(scope, scope.tensor(node, 0), Number.NEGATIVE_INFINITY, bound.values[0] ?? 0);
};

export const maximum: Operator = (node, scope) => {
  const bound = scope.optionalConstant(node, 1);
  if (bound?.values.length !== 1) return binary('Max')(node, scope);
  return clamp(scope, scope.tensor(node, 0), bound.values[0] ?? 0, Number.POSITIVE_INFINITY);
};

export const prelu: Operator = (node, scope) =>
  preluTensor(scope, scope.tensor(node, 0), scope.constant(node, 1));

export const leakyRelu: Operator = (node, scope) => {
  const input = scope.tensor(node, 0);
  const alpha = { float: attributes.float(node, 'alpha', 0.2) };
  return { name: scope.add('LeakyRelu', [input.name], { alpha }), shape: input.shape };
};

/** Passes its input on: Identity, Cast between float types, Dropout at inference. */
export const passThrough: Operator = (node, scope) => scope.tensor(node, 0);
