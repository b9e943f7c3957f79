/** Reorders the dimensions of row-major data: dimension `i` of the result is dimension `order[i]` of the input. */
export function transpose(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, index) =>
    shape.slice(index + 1).reduce((product, size) => product * size, 1),
  );
  const sizes = order.map((index) => shape[index] ?? 1);
  const steps = order.map((index) => strides[index] ?? 0);
  const result = new Float32Array(values.length);
  const position = sizes.map(() => 0);
  let source = 0;
  for (let target = 0; target < result.length; target++) {
    result[target] = values[source] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      source += steps[axis] ?? 0;
      if (next < (sizes[axis] ?? 1)) {
        position[axis] = next;
        break;
      }
      source -= (steps[axis] ?? 0) * next;
      position[axis] = 0;
    }
  }
  return result;
}
