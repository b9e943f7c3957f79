import { faceCrops } from '../fixtures/face-crops';
import { type GraphSketch, sketchGraph } from '../fixtures/graph-sketch';
import { largestDifference, openSession, runSession, toChannelsFirst } from '../fixtures/onnx-session';
import { loadParts, runReference, startTensorFlow } from '../fixtures/tensorflow';
import { convertGraphModel } from './convert';
import { ConversionError } from './errors';

const SIDE = 17;

const window = (strides: number, extra: Record<string, object> = {}) => ({
  strides: { list: { i: ['1', `${strides}`, `${strides}`, '1'] } },
  dilations: { list: { i: ['1', '1', '1', '1'] } },
  padding: { s: Buffer.from('SAME').toString('base64') },
  ...extra,
});

const kernel = (height: number, width: number, input: number, output: number) => ({
  shape: [height, width, input, output],
  values: Array.from({ length: height * width * input * output }, (_, index) => Math.sin(index * 7.3)),
});

const scalar = (...values: number[]) => ({ shape: [values.length], values });

/** One operator each, on the picture; sizes are odd, so that uneven padding shows. */
const OPERATORS: readonly (GraphSketch & { title: string; side?: number })[] = [
  { title: 'Conv2D, stride 2, even kernel', op: 'Conv2D', constants: [kernel(4, 2, 3, 5)], attr: window(2) },
  {
    title: 'Conv2D, dilated',
    op: 'Conv2D',
    constants: [kernel(3, 3, 3, 2)],
    attr: window(1, { dilations: { list: { i: ['1', '2', '3', '1'] } } }),
  },
  {
    title: 'DepthwiseConv2dNative, two filters a channel',
    op: 'DepthwiseConv2dNative',
    constants: [kernel(3, 3, 3, 2)],
    attr: window(2),
  },
  {
    title: '_FusedConv2D with leaky ReLU',
    op: '_FusedConv2D',
    constants: [kernel(3, 3, 3, 2), scalar(0.1, -0.3)],
    attr: window(1, {
      fused_ops: { list: { s: ['BiasAdd', 'LeakyRelu'].map((s) => Buffer.from(s).toString('base64')) } },
      leakyrelu_alpha: { f: 0.3 },
      num_args: { i: '1' },
    }),
  },
  {
    title: 'MaxPool',
    op: 'MaxPool',
    attr: window(2, { ksize: { list: { i: ['1', '3', '3', '1'] } } }),
  },
  {
    title: 'AvgPool, padded cells left out',
    op: 'AvgPool',
    attr: window(2, { ksize: { list: { i: ['1', '3', '3', '1'] } } }),
  },
  { title: 'Mean', op: 'Mean', constants: [scalar(1, 2)], attr: { keep_dims: { b: true } } },
  { title: 'Softmax over channels', op: 'Softmax' },
  { title: 'Relu', op: 'Relu' },
  { title: 'Relu6', op: 'Relu6' },
  { title: 'LeakyRelu', op: 'LeakyRelu', attr: { alpha: { f: 0.15 } } },
  { title: 'Prelu', op: 'Prelu', constants: [scalar(0.1, -0.2, 0.3)] },
  { title: 'Sigmoid', op: 'Sigmoid' },
  { title: 'Tanh', op: 'Tanh' },
  { title: 'Elu', op: 'Elu' },
  { title: 'Exp', op: 'Exp' },
  { title: 'Neg', op: 'Neg' },
  { title: 'Abs', op: 'Abs' },
  { title: 'AddV2', op: 'AddV2', constants: [scalar(1, 2, 3)] },
  { title: 'Sub', op: 'Sub', constants: [scalar(1, 2, 3)] },
  { title: 'Mul', op: 'Mul', constants: [scalar(1, 2, 3)] },
  { title: 'RealDiv', op: 'RealDiv', constants: [scalar(1, 2, 3)] },
  { title: 'Minimum of channels', op: 'Minimum', constants: [scalar(-0.5, 0, 0.5)] },
  { title: 'Minimum of a number', op: 'Minimum', constants: [scalar(0.25)] },
  { title: 'Maximum', op: 'Maximum', constants: [scalar(0.25)] },
  { title: 'Reshape', op: 'Reshape', constants: [{ ...scalar(-1, SIDE, SIDE * 3), integers: true }] },
  { title: 'Squeeze', op: 'Squeeze', attr: { squeeze_dims: { list: { i: ['1', '2'] } } }, side: 1 },
  {
    title: 'Pad, uneven',
    op: 'Pad',
    constants: [{ shape: [4, 2], values: [0, 0, 1, 2, 0, 3, 0, 1], integers: true }],
  },
  {
    title: 'PadV2',
    op: 'PadV2',
    constants: [
      { shape: [4, 2], values: [0, 0, 1, 2, 0, 3, 0, 0], integers: true },
      { shape: [], values: [2.5] },
    ],
  },
  {
    title: 'ResizeBilinear',
    op: 'ResizeBilinear',
    constants: [{ ...scalar(29, 34), integers: true }],
    attr: { half_pixel_centers: { b: true } },
  },
  {
    title: 'ResizeBilinear, corners aligned',
    op: 'ResizeBilinear',
    constants: [{ ...scalar(33, 25), integers: true }],
    attr: { align_corners: { b: true } },
  },
  {
    title: 'ResizeNearestNeighbor',
    op: 'ResizeNearestNeighbor',
    constants: [{ ...scalar(34, 51), integers: true }],
  },
];

beforeAll(startTensorFlow);

test.each(OPERATORS)('$title', async ({ side = SIDE, ...sketch }) => {
  const { json, shard } = sketchGraph(sketch, side);
  const pixels = Float32Array.from(Buffer.concat(await faceCrops(side, side)), (value) => value / 127.5 - 1);
  const { model } = await loadParts(json, shard);
  const [expected = new Float32Array()] = await runReference(model, pixels, [4, side, side, 3], ['result']);
  const session = await openSession(convertGraphModel(json, [shard], { out: 'result' }));
  const { out = new Float32Array() } = await runSession(session, toChannelsFirst(pixels, 3, side * side), [
    4,
    3,
    side,
    side,
  ]);
  expect(new Set(expected).size).toBeGreaterThan(1);
  expect(largestDifference(out, expected)).toBeLessThan(1e-5);
});

test('an operator that is not known is named', () => {
  const { json, shard } = sketchGraph({ op: 'FusedBlur' }, SIDE);
  expect(() => convertGraphModel(json, [shard], { out: 'result' })).toThrow(
    expect.objectContaining({ reason: 'unknown-operator', message: expect.stringContaining('FusedBlur') }),
  );
});

test('an output that is not there is named', () => {
  const { json, shard } = sketchGraph({ op: 'Relu' }, SIDE);
  expect(() => convertGraphModel(json, [shard], { out: 'elsewhere' })).toThrow(ConversionError);
});
