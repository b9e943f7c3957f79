import { ConversionError } from '../errors';
import { attributes, type TfNode } from '../graph-model';

/** A sliding window's ONNX attributes and the spatial size of its result. */
export interface Window {
  /** [top, left, bottom, right] */
  pads: number[];
  strides: number[];
  dilations: number[];
  height: number;
  width: number;
}

interface Extent {
  before: number;
  after: number;
  size: number;
}

/** Works out stride, dilation and padding of a convolution or pooling over NHWC data. */
export function slidingWindow(
  node: TfNode,
  input: { height: number; width: number },
  kernel: readonly [number, number],
): Window {
  const format = attributes.text(node, 'data_format') ?? 'NHWC';
  if (format !== 'NHWC') throw new ConversionError('unsupported-form', `${node.name}: data format ${format}`);
  const [, strideY = 1, strideX = 1] = attributes.ints(node, 'strides');
  const [, dilationY = 1, dilationX = 1] = attributes.ints(node, 'dilations');
  const vertical = extent(node, 0, input.height, kernel[0], strideY, dilationY);
  const horizontal = extent(node, 1, input.width, kernel[1], strideX, dilationX);
  return {
    pads: [vertical.before, horizontal.before, vertical.after, horizontal.after],
    strides: [strideY, strideX],
    dilations: [dilationY, dilationX],
    height: vertical.size,
    width: horizontal.size,
  };
}

/** One axis of TensorFlow's padding rules: SAME puts the odd cell at the end. */
function extent(
  node: TfNode,
  axis: 0 | 1,
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
): Extent {
  const reach = (kernel - 1) * dilation + 1;
  const padding = attributes.text(node, 'padding');
  switch (padding) {
    case 'SAME': {
      const out = Math.ceil(size / stride);
      const total = Math.max((out - 1) * stride + reach - size, 0);
      const before = Math.floor(total / 2);
      return { before, after: total - before, size: out };
    }
    case 'VALID':
      return { before: 0, after: 0, size: Math.floor((size - reach) / stride) + 1 };
    case 'EXPLICIT': {
      const explicit = attributes.ints(node, 'explicit_paddings').slice(2 + axis * 2);
      const [before = 0, after = 0] = explicit;
      return { before, after, size: Math.floor((size + before + after - reach) / stride) + 1 };
    }
    default:
      throw new ConversionError('unsupported-form', `${node.name}: padding ${padding}`);
  }
}
