import { MEAN_FACE } from '../../landmarks/mean-face';
import { MESH_POINTS, type Mesh } from '../../landmarks/mesh';
import { fitRotation } from '../../landmarks/rotation-fit';

export type Vector3 = readonly [number, number, number];

const VERTICES = MEAN_FACE.map(([vertex]) => vertex);
const POSITIONS = MEAN_FACE.map(([, x, y, z]): Vector3 => [x, y, z]);

/** The mean of meshes, each turned, scaled and moved onto the mean face: where vertices lie in its frame. */
export function meanMesh(meshes: readonly Mesh[]): Vector3[] {
  const sums = Array.from({ length: MESH_POINTS }, (): [number, number, number] => [0, 0, 0]);
  for (const mesh of meshes) {
    for (const [vertex, position] of upright(mesh).entries()) {
      const sum = sums[vertex];
      if (sum) for (const axis of [0, 1, 2] as const) sum[axis] += position[axis] / meshes.length;
    }
  }
  return sums;
}

function upright(mesh: Mesh): Vector3[] {
  const points = Array.from(
    { length: MESH_POINTS },
    (_, at): Vector3 => [mesh[at * 3] ?? 0, mesh[at * 3 + 1] ?? 0, mesh[at * 3 + 2] ?? 0],
  );
  const rigid = VERTICES.map((vertex) => points[vertex] ?? ([0, 0, 0] as const));
  const [a, b, c] = fitRotation(POSITIONS, rigid);
  const from = centre(rigid);
  const to = centre(POSITIONS);
  const scale = spread(POSITIONS, to) / spread(rigid, from);
  return points.map((point) => {
    const [x, y, z] = minus(point, from);
    // The inverse of a rotation is its transpose.
    return [
      to[0] + scale * (a[0] * x + b[0] * y + c[0] * z),
      to[1] + scale * (a[1] * x + b[1] * y + c[1] * z),
      to[2] + scale * (a[2] * x + b[2] * y + c[2] * z),
    ];
  });
}

function centre(points: readonly Vector3[]): Vector3 {
  const sum = points.reduce<Vector3>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], [0, 0, 0]);
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

function spread(points: readonly Vector3[], from: Vector3): number {
  return Math.sqrt(points.reduce((sum, point) => sum + Math.hypot(...minus(point, from)) ** 2, 0));
}

function minus([x, y, z]: Vector3, [u, v, w]: Vector3): Vector3 {
  return [x - u, y - v, z - w];
}
