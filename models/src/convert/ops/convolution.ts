import { ConversionError } from '../errors';
import { attributes, type TfNode } from '../graph-model';
import { BATCH, imageSize, type Scope, type Tensor } from '../scope';
import { transpose } from '../transpose';
import { fusedActivation } from './activation';
import { slidingWindow } from './window';

/** Conv2D and _FusedConv2D: weights [height, width, in, out]. */
export function conv2d(node: TfNode, scope: Scope): Tensor {
  const weight = scope.constant(node, 1);
  const [height = 0, width = 0, input = 0, output = 0] = weight.shape;
  const { channels } = imageSize(node, scope.tensor(node, 0));
  if (channels % input !== 0) {
    throw new ConversionError(
      'unsupported-form',
      `${node.name}: ${channels} channels for weights of ${input}`,
    );
  }
  const kernel = transpose(weight.values, weight.shape, [3, 2, 0, 1]);
  return convolve(node, scope, {
    kernel,
    dims: [output, input, height, width],
    group: channels / input,
  });
}

/** DepthwiseConv2dNative and its fused form: weights [height, width, in, multiplier]. */
export function depthwiseConv2d(node: TfNode, scope: Scope): Tensor {
  const weight = scope.constant(node, 1);
  const [height = 0, width = 0, input = 0, multiplier = 0] = weight.shape;
  const kernel = transpose(weight.values, weight.shape, [2, 3, 0, 1]);
  return convolve(node, scope, { kernel, dims: [input * multiplier, 1, height, width], group: input });
}

interface Kernel {
  kernel: Float32Array;
  /** [out, in per group, height, width] */
  dims: [number, number, number, number];
  group: number;
}

function convolve(node: TfNode, scope: Scope, { kernel, dims, group }: Kernel): Tensor {
  const input = scope.tensor(node, 0);
  const [channels, , height, width] = dims;
  const window = slidingWindow(node, imageSize(node, input), [height, width]);
  const [bias, activation] = fusedParts(node);
  const inputs = [input.name, scope.floats(dims, kernel)];
  if (bias) inputs.push(scope.floats([channels], scope.constant(node, 2).values));
  const name = scope.add('Conv', inputs, {
    kernel_shape: [height, width],
    strides: window.strides,
    dilations: window.dilations,
    pads: window.pads,
    group,
  });
  return fusedActivation(
    scope,
    node,
    { name, shape: [BATCH, window.height, window.width, channels] },
    activation,
  );
}

/** What a fused convolution or product does after multiplying: a bias, then perhaps an activation. */
export function fusedParts(node: TfNode): [bias: boolean, activation: string | undefined] {
  const [first, second] = attributes.texts(node, 'fused_ops');
  if (first === undefined) return [false, undefined];
  if (first !== 'BiasAdd') throw new ConversionError('unsupported-form', `${node.name}: fused ${first}`);
  return [true, second];
}
