import { Random } from '../../liveness/calibration/random';

/**
 * A map of inputs onto fewer: their leading part onto its main components, z = axes . (x - mean) * scale, scaled to
 * variance one overall; the rest is only standardised.
 */
export interface Components {
  readonly mean: Float64Array;
  /** One over the spread of each number. */
  readonly scale: Float64Array;
  readonly axes: readonly Float64Array[];
}

const ROUNDS = 4;

/** The `count` main axes of the first `leading` numbers, standardised, by subspace iteration. */
export function mainComponents(
  descriptors: readonly Float32Array[],
  leading: number,
  count: number,
): Components {
  const size = descriptors[0]?.length ?? 0;
  const mean = new Float64Array(size);
  const spread = new Float64Array(size);
  for (const x of descriptors) {
    for (let i = 0; i < size; i++) mean[i] = (mean[i] ?? 0) + (x[i] ?? 0) / descriptors.length;
  }
  for (const x of descriptors) {
    for (let i = 0; i < size; i++) {
      spread[i] = (spread[i] ?? 0) + ((x[i] ?? 0) - (mean[i] ?? 0)) ** 2 / descriptors.length;
    }
  }
  // A number that never varies says nothing.
  const scale = spread.map((variance) => (variance > 1e-8 ? 1 / Math.sqrt(variance) : 0));
  const standard = descriptors.map((x) =>
    Float32Array.from(x.subarray(0, leading), (value, i) => (value - (mean[i] ?? 0)) * (scale[i] ?? 0)),
  );
  const random = new Random(1);
  let axes: Float64Array[] = Array.from({ length: count }, () =>
    Float64Array.from({ length: leading }, () => random.normal()),
  );
  for (let round = 0; round < ROUNDS; round++) {
    axes = orthonormal(round === 0 ? axes : spun(standard, axes));
  }
  const variance =
    standard.reduce((sum, x) => sum + axes.reduce((all, axis) => all + dot(axis, x) ** 2, 0), 0) /
    standard.length /
    count;
  const unit = 1 / Math.sqrt(variance);
  return { mean, scale, axes: axes.map((axis) => axis.map((value) => value * unit)) };
}

export function project({ mean, scale, axes }: Components, descriptor: Float32Array): Float32Array {
  const standard = Float32Array.from(descriptor, (value, i) => (value - (mean[i] ?? 0)) * (scale[i] ?? 0));
  const leading = axes[0]?.length ?? 0;
  return Float32Array.from([...axes.map((axis) => dot(axis, standard)), ...standard.subarray(leading)]);
}

/** Weights over components (constant last) as weights over descriptors (constant last). */
export function unprojected({ mean, scale, axes }: Components, row: Float64Array): Float64Array {
  const size = mean.length;
  const leading = axes[0]?.length ?? 0;
  const weights = new Float64Array(size + 1);
  axes.forEach((axis, k) => {
    const weight = row[k] ?? 0;
    for (let i = 0; i < leading; i++)
      weights[i] = (weights[i] ?? 0) + weight * (axis[i] ?? 0) * (scale[i] ?? 0);
  });
  for (let i = leading; i < size; i++) weights[i] = (row[axes.length + i - leading] ?? 0) * (scale[i] ?? 0);
  let constant = row[row.length - 1] ?? 0;
  for (let i = 0; i < size; i++) constant -= (weights[i] ?? 0) * (mean[i] ?? 0);
  weights[size] = constant;
  return weights;
}

/** The axes, each turned by the descriptors' covariance. */
function spun(rows: readonly Float32Array[], axes: readonly Float64Array[]): Float64Array[] {
  const turned = axes.map((axis) => new Float64Array(axis.length));
  for (const row of rows) {
    axes.forEach((axis, k) => {
      const along = dot(axis, row);
      const target = turned[k];
      if (target) {
        for (let i = 0; i < row.length; i++) target[i] = (target[i] ?? 0) + along * (row[i] ?? 0);
      }
    });
  }
  return turned;
}

/** Gram-Schmidt. */
function orthonormal(axes: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const axis of axes) {
    const rest = axis.slice();
    for (const other of done) {
      const along = dot(other, rest);
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - along * (other[i] ?? 0);
    }
    const length = Math.sqrt(dot(rest, rest));
    done.push(rest.map((value) => value / length));
  }
  return done;
}

function dot(a: Float64Array, b: Float64Array | Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
