import { ConversionError } from '../errors';
import { attributes, type TfNode } from '../graph-model';
import type { Scope, Tensor } from '../scope';
import type { Constant } from '../weights';
import { broadcastConstant } from './broadcast';

/** Limits a tensor to [min, max]; a clamp of a clamp becomes one. */
export function clamp(scope: Scope, tensor: Tensor, min: number, max: number): Tensor {
  const inner = scope.clamps.get(tensor.name);
  const source = inner?.source ?? tensor;
  const limit = (value: number): number => Math.min(Math.max(value, min), max);
  const low = inner ? limit(inner.min) : min;
  const high = inner ? limit(inner.max) : max;
  const name = addClamp(scope, source.name, low, high);
  const result = { name, shape: tensor.shape };
  scope.clamps.set(name, { source, min: low, max: high });
  return result;
}

function addClamp(scope: Scope, input: string, min: number, max: number): string {
  if (min === 0 && max === Number.POSITIVE_INFINITY) return scope.add('Relu', [input]);
  const bound = (value: number): string =>
    Number.isFinite(value) ? scope.floats([], Float32Array.of(value)) : '';
  return scope.add('Clip', [input, bound(min), bound(max)]);
}

/** max(x, 0) + slope * min(x, 0), with a slope for each channel or cell. */
export function prelu(scope: Scope, tensor: Tensor, slope: Constant): Tensor {
  const name = scope.add('PRelu', [tensor.name, broadcastConstant(scope, tensor, slope)]);
  return { name, shape: tensor.shape };
}

/** Applies what a fused node names after its bias. */
export function fusedActivation(
  scope: Scope,
  node: TfNode,
  tensor: Tensor,
  kind: string | undefined,
): Tensor {
  switch (kind) {
    case undefined:
    case 'NoOp':
      return tensor;
    case 'Relu':
      return clamp(scope, tensor, 0, Number.POSITIVE_INFINITY);
    case 'Relu6':
      return clamp(scope, tensor, 0, 6);
    case 'Prelu':
      return prelu(scope, tensor, scope.constant(node, 3));
    case 'LeakyRelu': {
      const alpha = { float: attributes.float(node, 'leakyrelu_alpha', 0.2) };
      return { name: scope.add('LeakyRelu', [tensor.name], { alpha }), shape: tensor.shape };
    }
    case 'Elu':
    case 'Sigmoid':
    case 'Tanh':
      return { name: scope.add(kind, [tensor.name]), shape: tensor.shape };
    default:
      throw new ConversionError('unknown-operator', `${node.name}: fused activation ${kind}`);
  }
}
