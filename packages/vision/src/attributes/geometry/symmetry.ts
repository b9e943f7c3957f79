import type { Mesh } from '../../landmarks/mesh';
import { difference, dot, length, middle, scaled, span, type Vector, vertex } from './points';

/** Mesh points of the picture's left half and their mirror images: eyes, brows, mouth, contour, nose, cheeks. */
const PAIRS: readonly (readonly [number, number])[] = [
  [33, 263],
  [133, 362],
  [159, 386],
  [145, 374],
  [70, 300],
  [105, 334],
  [107, 336],
  [61, 291],
  [40, 270],
  [91, 321],
  [234, 454],
  [132, 361],
  [172, 397],
  [150, 379],
  [129, 358],
  [98, 327],
  [50, 280],
  [205, 425],
];

/**
 * How far the halves of a face are from being mirror images, in widths of the eyes: mean distance of each point
 * from its partner's reflection in the plane that fits best. In space, so a turned head is not taken for a crooked one.
 */
export function asymmetry(mesh: Mesh): number {
  const pairs = PAIRS.map(([left, right]) => [vertex(mesh, left), vertex(mesh, right)] as const);
  const across = mean(pairs.map(([left, right]) => difference(right, left)));
  const normal = scaled(across, 1 / length(across));
  const centre = mean(pairs.map(([left, right]) => middle(left, right)));
  const reflected = (point: Vector): Vector =>
    difference(point, scaled(normal, 2 * dot(difference(point, centre), normal)));
  const off = pairs.map(([left, right]) => length(difference(reflected(left), right)));
  return off.reduce((sum, value) => sum + value, 0) / off.length / span(mesh, 33, 263);
}

function mean(vectors: readonly Vector[]): Vector {
  const sum = vectors.reduce<Vector>((all, v) => [all[0] + v[0], all[1] + v[1], all[2] + v[2]], [0, 0, 0]);
  return scaled(sum, 1 / vectors.length);
}
