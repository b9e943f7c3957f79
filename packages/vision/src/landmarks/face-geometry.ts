import type { Affine } from '../image/affine';
import type { Eyes } from './iris-model';
import { type Mesh, mapPoints } from './mesh';

/** Where the features of one face lie, in pixels of one picture. */
export interface FaceGeometry {
  readonly mesh: Mesh;
  readonly eyes: Eyes;
  /** The mesh model's belief that this is a face, 0..1. */
  readonly presence: number;
}

/** The same face in the pixels of another picture. */
export function mapGeometry(face: FaceGeometry, map: Affine): FaceGeometry {
  const mapped = (points: Float32Array): Float32Array => {
    const copy = points.slice();
    mapPoints(copy, map);
    return copy;
  };
  const { left, right } = face.eyes;
  return {
    mesh: mapped(face.mesh),
    eyes: {
      left: { outline: mapped(left.outline), iris: mapped(left.iris) },
      right: { outline: mapped(right.outline), iris: mapped(right.iris) },
    },
    presence: face.presence,
  };
}
