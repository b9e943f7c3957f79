import { ConversionError } from '../errors';
import { attributes, type TfNode } from '../graph-model';
import { BATCH, imageSize, onnxAxis, type Scope, type Tensor } from '../scope';

/** Gives an activation another shape; the batch stays in front. */
export function reshape(node: TfNode, scope: Scope): Tensor {
  return reshapeTo(node, scope, scope.tensor(node, 0), scope.integers(node, 1));
}

/** Removes dimensions of size one. */
export function squeeze(node: TfNode, scope: Scope): Tensor {
  const input = scope.tensor(node, 0);
  const rank = input.shape.length;
  const listed = attributes.ints(node, 'squeeze_dims').map((axis) => (axis < 0 ? axis + rank : axis));
  const drops = (size: number, axis: number): boolean =>
    listed.length > 0 ? listed.includes(axis) : size === 1;
  const kept = input.shape.filter((size, axis) => !drops(size, axis));
  return reshapeTo(node, scope, input, kept);
}

function reshapeTo(node: TfNode, scope: Scope, input: Tensor, target: readonly number[]): Tensor {
  const rest = restOf(node, input, target);
  const plain = toPlain(scope, input);
  const shape = [BATCH, ...rest];
  if (rest.length !== 3) return { name: scope.add('Reshape', [plain, scope.ints([0, ...rest])]), shape };
  const [height = 1, width = 1, channels = 1] = rest;
  if (height === 1 && width === 1) {
    return { name: scope.add('Reshape', [plain, scope.ints([0, channels, 1, 1])]), shape };
  }
  const nhwc = scope.add('Reshape', [plain, scope.ints([0, ...rest])]);
  return { name: scope.add('Transpose', [nhwc], { perm: [0, 3, 1, 2] }), shape };
}

/** The sizes after the batch, the one unknown size among them worked out. */
function restOf(node: TfNode, input: Tensor, target: readonly number[]): number[] {
  const total = input.shape.slice(1).reduce((product, size) => product * size, 1);
  const rest = target.slice(1);
  const known = rest.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const solved = rest.map((size) => (size === -1 ? total / known : size));
  if (solved.reduce((product, size) => product * size, 1) !== total) {
    throw new ConversionError(
      'unsupported-form',
      `${node.name}: [${input.shape}] to [${target}] mixes the batch`,
    );
  }
  return solved;
}

/** The activation in TensorFlow's own order: NCHW data is turned to NHWC unless the two lie alike. */
export function toPlain(scope: Scope, tensor: Tensor): string {
  const [, height, width, channels] = tensor.shape;
  const alike = tensor.shape.length !== 4 || channels === 1 || (height === 1 && width === 1);
  return alike ? tensor.name : scope.add('Transpose', [tensor.name], { perm: [0, 2, 3, 1] });
}

/** Pad and PadV2 with a constant. */
export function pad(node: TfNode, scope: Scope): Tensor {
  const input = scope.tensor(node, 0);
  const pairs = scope.integers(node, 1);
  const rank = input.shape.length;
  const before = Array<number>(rank).fill(0);
  const after = Array<number>(rank).fill(0);
  const shape = input.shape.map((size, axis) => {
    const low = pairs[axis * 2] ?? 0;
    const high = pairs[axis * 2 + 1] ?? 0;
    before[onnxAxis(input, axis)] = low;
    after[onnxAxis(input, axis)] = high;
    return axis === 0 ? BATCH : size + low + high;
  });
  const value = scope.optionalConstant(node, 2)?.values ?? Float32Array.of(0);
  const inputs = [input.name, scope.ints([...before, ...after]), scope.floats([], value)];
  return { name: scope.add('Pad', inputs, { mode: 'constant' }), shape };
}

/** ConcatV2 of activations; the axis is the last input. */
export function concat(node: TfNode, scope: Scope): Tensor {
  const count = node.input.length - 1;
  const parts = Array.from({ length: count }, (_, index) => scope.tensor(node, index));
  const [first] = parts;
  const [given] = scope.integers(node, count);
  if (!first || given === undefined) throw new ConversionError('unsupported-form', `${node.name}: no inputs`);
  const axis = given < 0 ? given + first.shape.length : given;
  const size = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const name = scope.add(
    'Concat',
    parts.map((part) => part.name),
    { axis: onnxAxis(first, axis) },
  );
  return { name, shape: first.shape.map((old, index) => (index === axis ? size : old)) };
}

/** Mean over listed axes; over both spatial axes it is global average pooling. */
export function mean(node: TfNode, scope: Scope): Tensor {
  const input = scope.tensor(node, 0);
  const rank = input.shape.length;
  const axes = scope.integers(node, 1).map((axis) => (axis < 0 ? axis + rank : axis));
  const keep = attributes.flag(node, 'keep_dims');
  const spatial = rank === 4 && [...axes].sort().join() === '1,2';
  if (!spatial) throw new ConversionError('unsupported-form', `${node.name}: mean over axes ${axes}`);
  const { channels } = imageSize(node, input);
  const pooled = scope.add('GlobalAveragePool', [input.name]);
  if (keep) return { name: pooled, shape: [BATCH, 1, 1, channels] };
  return {
    name: scope.add('Reshape', [pooled, scope.ints([0, channels])]),
    shape: [BATCH, channels],
  };
}

/** ResizeBilinear and ResizeNearestNeighbor to a constant size. */
export function resize(mode: 'linear' | 'nearest') {
  return (node: TfNode, scope: Scope): Tensor => {
    const input = scope.tensor(node, 0);
    const { channels, height, width } = imageSize(node, input);
    const [outHeight = 1, outWidth = 1] = scope.integers(node, 1);
    const scales = scope.floats(
      [4],
      Float32Array.of(1, 1, factor(height, outHeight), factor(width, outWidth)),
    );
    const name = scope.add('Resize', [input.name, '', scales], {
      mode,
      nearest_mode: 'floor',
      coordinate_transformation_mode: coordinates(node),
    });
    return { name, shape: [BATCH, outHeight, outWidth, channels] };
  };
}

/** The least 32-bit float that takes `from` cells to `to`: the runtime rounds the product down. */
function factor(from: number, to: number): number {
  const nearest = Math.fround(to / from);
  return nearest * from < to ? Math.fround(nearest * (1 + 2 ** -23)) : nearest;
}

function coordinates(node: TfNode): string {
  if (attributes.flag(node, 'align_corners')) return 'align_corners';
  return attributes.flag(node, 'half_pixel_centers') ? 'half_pixel' : 'asymmetric';
}
