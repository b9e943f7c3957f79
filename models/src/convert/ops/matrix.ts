import { ConversionError } from '../errors';
import { attributes, type TfNode } from '../graph-model';
import { BATCH, onnxAxis, type Scope, type Tensor } from '../scope';
import { fusedActivation } from './activation';
import { fusedParts } from './convolution';

/** MatMul and _FusedMatMul of [batch, in] by a constant matrix. */
export function matMul(node: TfNode, scope: Scope): Tensor {
  const input = scope.tensor(node, 0);
  const weight = scope.constant(node, 1);
  if (input.shape.length !== 2 || weight.shape.length !== 2 || attributes.flag(node, 'transpose_a')) {
    throw new ConversionError('unsupported-form', `${node.name}: only [batch, in] by a constant matrix`);
  }
  const transposed = attributes.flag(node, 'transpose_b');
  const output = weight.shape[transposed ? 0 : 1] ?? 0;
  const [bias, activation] = fusedParts(node);
  const inputs = [input.name, scope.floats(weight.shape, weight.values)];
  if (bias) inputs.push(scope.floats([output], scope.constant(node, 2).values));
  const name = scope.add('Gemm', inputs, { transB: transposed ? 1 : 0 });
  return fusedActivation(scope, node, { name, shape: [BATCH, output] }, activation);
}

/** Softmax over the last axis. */
export function softmax(node: TfNode, scope: Scope): Tensor {
  const input = scope.tensor(node, 0);
  const name = scope.add('Softmax', [input.name], { axis: onnxAxis(input, -1) });
  return { name, shape: input.shape };
}
