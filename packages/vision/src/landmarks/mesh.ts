import type { Affine } from '../image/affine';
import { EYE_CORNERS } from './landmark-groups';
import type { Region } from './region';

/** Points of the face mesh, MediaPipe FaceMesh numbering. */
export const MESH_POINTS = 468;

/** A face mesh: 468 x (x, y, z), in pixels of the picture that it was found in; z grows away from the camera. */
export type Mesh = Float32Array;

export interface Position {
  readonly x: number;
  readonly y: number;
}

export function meshPoint(mesh: Mesh, index: number): Position {
  return { x: mesh[index * 3] ?? 0, y: mesh[index * 3 + 1] ?? 0 };
}

export function between(from: Position, to: Position): Position {
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

export function distance(from: Position, to: Position): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** The turn of the line through the outer corners of both eyes, in radians, positive clockwise. */
export function eyeLineRoll(mesh: Mesh): number {
  const left = meshPoint(mesh, EYE_CORNERS.left.outer);
  const right = meshPoint(mesh, EYE_CORNERS.right.outer);
  return Math.atan2(right.y - left.y, right.x - left.x);
}

/** The square of the mesh's own extent, turned so that its eyes are level. */
export function meshRegion(mesh: Mesh): Region {
  const roll = eyeLineRoll(mesh);
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < mesh.length; at += 3) {
    const x = mesh[at] ?? 0;
    const y = mesh[at + 1] ?? 0;
    const u = cos * x + sin * y;
    const v = cos * y - sin * x;
    if (u < left) left = u;
    if (u > right) right = u;
    if (v < top) top = v;
    if (v > bottom) bottom = v;
  }
  const u = (left + right) / 2;
  const v = (top + bottom) / 2;
  return {
    x: cos * u - sin * v,
    y: sin * u + cos * v,
    side: Math.max(right - left, bottom - top),
    roll,
  };
}

/**
 * Carries (x, y, z) triples through `map` in place; depth is scaled as lengths are.
 */
export function mapPoints(points: Float32Array, map: Affine): void {
  const depth = Math.hypot(map.a, map.d);
  for (let at = 0; at < points.length; at += 3) {
    const x = points[at] ?? 0;
    const y = points[at + 1] ?? 0;
    points[at] = map.a * x + map.b * y + map.c;
    points[at + 1] = map.d * x + map.e * y + map.f;
    points[at + 2] = (points[at + 2] ?? 0) * depth;
  }
}
