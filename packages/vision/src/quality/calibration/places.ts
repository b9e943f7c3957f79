import type { FacePart } from '../appearance-model';
import type { Vector3 } from './mean-mesh';

/** A vertex of the mesh that the model looks at. */
export interface Place {
  readonly vertex: number;
  readonly part: FacePart | undefined;
  /** On forehead, brows or eyes. */
  readonly upper: boolean;
  /** Which way the skin faces there. */
  readonly normal: Vector3;
}

const NOSE_TIP = 4;

/** `count` vertices spread evenly over the mean mesh (farthest point first), each with its mirror image. */
export function chosenPlaces(mesh: readonly Vector3[], count: number): Place[] {
  const gaps = mesh.map(() => Number.POSITIVE_INFINITY);
  const chosen: number[] = [];
  const choose = (vertex: number): void => {
    chosen.push(vertex);
    mesh.forEach((point, at) => {
      gaps[at] = Math.min(gaps[at] ?? 0, distance(point, mesh[vertex]));
    });
  };
  choose(NOSE_TIP);
  while (chosen.length < count) {
    const next = gaps.indexOf(Math.max(...gaps));
    const mirror = mirrorOf(mesh, next);
    choose(next);
    if (mirror !== next) choose(mirror);
  }
  return chosen
    .sort((a, b) => a - b)
    .map((vertex) => {
      const position = mesh[vertex] ?? ([0, 0, 0] as const);
      return { vertex, part: partAt(position), upper: position[1] < -0.12, normal: normalAt(position) };
    });
}

function mirrorOf(mesh: readonly Vector3[], vertex: number): number {
  const [x, y, z] = mesh[vertex] ?? ([0, 0, 0] as const);
  const gaps = mesh.map((point) => distance(point, [-x, y, z]));
  return gaps.indexOf(Math.min(...gaps));
}

function distance([x, y, z]: Vector3, to: Vector3 = [0, 0, 0]): number {
  return Math.hypot(x - to[0], y - to[1], z - to[2]);
}

/** Parts by where they lie on the mean face, in widths between the outer eye corners. */
function partAt([x, y]: Vector3): FacePart | undefined {
  const side = Math.abs(x);
  if (side < 0.66 && side > 0.1 && y < -0.475 && y > -0.7) return 'eyebrow';
  if (side <= 0.6 && side >= 0.12 && y >= -0.475 && y < -0.21) return 'eye';
  if (side < 0.27 && y >= -0.44 && y < 0.14) return side < 0.12 || y > -0.2 ? 'nose' : undefined;
  if (y >= 0.14 && y < 0.6 && side < 0.42) return 'mouth';
  if (y >= 0.6 && side < 0.5) return 'chin';
  return y >= -0.21 && y < 0.6 ? 'cheek' : undefined;
}

/** The head as an ellipsoid about a centre behind the eyes. */
const HEAD = { behind: 0.7, across: 0.8, down: 1, deep: 0.9 } as const;

function normalAt([x, y, z]: Vector3): Vector3 {
  const [u, v, w] = [x / HEAD.across ** 2, y / HEAD.down ** 2, (z - HEAD.behind) / HEAD.deep ** 2];
  const length = Math.hypot(u, v, w);
  return [u / length, v / length, w / length];
}
