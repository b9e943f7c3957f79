import type { Mesh } from '../../landmarks/mesh';

/** A place in space: x to the right, y down, z away from the camera. */
export type Vector = readonly [number, number, number];

export function vertex(mesh: Mesh, index: number): Vector {
  return [mesh[index * 3] ?? 0, mesh[index * 3 + 1] ?? 0, mesh[index * 3 + 2] ?? 0];
}

export function difference(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function middle(a: Vector, b: Vector): Vector {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function length(a: Vector): number {
  return Math.hypot(...a);
}

export function scaled(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function span(mesh: Mesh, from: number, to: number): number {
  return length(difference(vertex(mesh, from), vertex(mesh, to)));
}
