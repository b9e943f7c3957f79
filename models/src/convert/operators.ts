import type { TfNode } from './graph-model';
import { conv2d, depthwiseConv2d } from './ops/convolution';
import {
  binary,
  leakyRelu,
  maximum,
  minimum,
  passThrough,
  prelu,
  relu,
  relu6,
  unary,
} from './ops/elementwise';
import { concat, mean, pad, reshape, resize, squeeze } from './ops/geometry';
import { matMul, softmax } from './ops/matrix';
import { averagePool, maxPool } from './ops/pooling';
import type { Scope, Tensor } from './scope';

/** How each TensorFlow operator is written in ONNX (operator set 13). */
export const OPERATORS: Readonly<Record<string, (node: TfNode, scope: Scope) => Tensor>> = {
  Conv2D: conv2d,
  _FusedConv2D: conv2d,
  DepthwiseConv2dNative: depthwiseConv2d,
  FusedDepthwiseConv2dNative: depthwiseConv2d,
  MatMul: matMul,
  _FusedMatMul: matMul,
  MaxPool: maxPool,
  AvgPool: averagePool,
  Mean: mean,
  Softmax: softmax,
  Relu: relu,
  Relu6: relu6,
  Prelu: prelu,
  LeakyRelu: leakyRelu,
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  Elu: unary('Elu'),
  Exp: unary('Exp'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Add: binary('Add'),
  AddV2: binary('Add'),
  BiasAdd: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  RealDiv: binary('Div'),
  Minimum: minimum,
  Maximum: maximum,
  Reshape: reshape,
  Squeeze: squeeze,
  Pad: pad,
  PadV2: pad,
  ConcatV2: concat,
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  Identity: passThrough,
};
