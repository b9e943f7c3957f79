/** A 3x3 rotation matrix, row by row. */
export type Rotation = readonly [
  readonly [number, number, number],
  readonly [number, number, number],
  readonly [number, number, number],
];

type Vector3 = readonly [number, number, number];
type Vector4 = readonly [number, number, number, number];

/**
 * The rotation that best carries `from` onto `to`, point by point, when shift and scale are free: B. Horn,
 * "Closed-form solution of absolute orientation using unit quaternions", JOSA A 4 (1987). Both lists have the
 * same length, at least three points that are not on one line.
 */
export function fitRotation(from: readonly Vector3[], to: readonly Vector3[]): Rotation {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = crossCovariance(from, to);
  return quaternionRotation(
    dominantEigenvector([
      [xx + yy + zz, yz - zy, zx - xz, xy - yx],
      [yz - zy, xx - yy - zz, xy + yx, zx + xz],
      [zx - xz, xy + yx, yy - xx - zz, yz + zy],
      [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ]),
  );
}

type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** Sums of products of coordinates about the means: entry 3 a + b belongs to axis a of `from` and b of `to`. */
function crossCovariance(from: readonly Vector3[], to: readonly Vector3[]): Matrix3 {
  const [fx, fy, fz] = mean(from);
  const [tx, ty, tz] = mean(to);
  const sums: [number, number, number, number, number, number, number, number, number] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0,
  ];
  from.forEach(([x, y, z], index) => {
    const [u, v, w] = to[index] ?? [tx, ty, tz];
    sums[0] += (x - fx) * (u - tx);
    sums[1] += (x - fx) * (v - ty);
    sums[2] += (x - fx) * (w - tz);
    sums[3] += (y - fy) * (u - tx);
    sums[4] += (y - fy) * (v - ty);
    sums[5] += (y - fy) * (w - tz);
    sums[6] += (z - fz) * (u - tx);
    sums[7] += (z - fz) * (v - ty);
    sums[8] += (z - fz) * (w - tz);
  });
  return sums;
}

function mean(points: readonly Vector3[]): Vector3 {
  const sum = points.reduce<Vector3>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], [0, 0, 0]);
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

/** Halves the error a turn or better for a face, whose extents differ: 60 turns are past double precision. */
const POWER_ITERATIONS = 60;

/** The unit eigenvector of the largest eigenvalue, by power iteration on the matrix made positive by a shift. */
function dominantEigenvector(matrix: readonly [Vector4, Vector4, Vector4, Vector4]): Vector4 {
  const shift = Math.sqrt(matrix.flat().reduce((sum, value) => sum + value * value, 0));
  // No rotation that faces make is orthogonal to this start.
  let v: Vector4 = [0.7, 0.1, 0.2, 0.6];
  for (let turn = 0; turn < POWER_ITERATIONS; turn++) {
    const [a, b, c, d] = matrix;
    const w: Vector4 = [
      dot(a, v) + shift * v[0],
      dot(b, v) + shift * v[1],
      dot(c, v) + shift * v[2],
      dot(d, v) + shift * v[3],
    ];
    const length = Math.hypot(...w);
    if (length === 0) return [1, 0, 0, 0];
    v = [w[0] / length, w[1] / length, w[2] / length, w[3] / length];
  }
  return v;
}

function dot(a: Vector4, b: Vector4): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

function quaternionRotation([w, x, y, z]: Vector4): Rotation {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
}
