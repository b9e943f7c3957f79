import { attributes, type TfNode } from '../graph-model';
import { BATCH, imageSize, type Scope, type Tensor } from '../scope';
import { slidingWindow } from './window';

/** MaxPool: padded cells never win. */
export function maxPool(node: TfNode, scope: Scope): Tensor {
  return pool(node, scope, 'MaxPool', {});
}

/** AvgPool: TensorFlow leaves padded cells out of the mean. */
export function averagePool(node: TfNode, scope: Scope): Tensor {
  return pool(node, scope, 'AveragePool', { count_include_pad: 0 });
}

function pool(node: TfNode, scope: Scope, operator: string, extra: Record<string, number>): Tensor {
  const input = scope.tensor(node, 0);
  const size = imageSize(node, input);
  const [, height = 1, width = 1] = attributes.ints(node, 'ksize');
  const window = slidingWindow(node, size, [height, width]);
  const name = scope.add(operator, [input.name], {
    kernel_shape: [height, width],
    strides: window.strides,
    pads: window.pads,
    ...extra,
  });
  return { name, shape: [BATCH, window.height, window.width, size.channels] };
}
