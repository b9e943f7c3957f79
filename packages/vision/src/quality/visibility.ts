import type { HeadPose } from '@mien/proto';
import { NATURAL_PITCH } from '../landmarks/head-pose';
import type { AppearanceModel } from './appearance-model';

/** Cosine between the skin and the line of sight from which on, and up to which, a vertex begins to count. */
const EDGE_ON = 0.1;
const FACING = 0.4;

/** How well each vertex of the model is seen on a head turned by `pose`: 0 edge-on or behind, 1 facing the camera. */
export function visibility(
  model: Pick<AppearanceModel, 'vertices' | 'normals'>,
  pose: HeadPose,
): Float64Array {
  // The model's normals stand in the axes of the mean face.
  const pitch = ((pose.pitch + NATURAL_PITCH) * Math.PI) / 180;
  const yaw = (pose.yaw * Math.PI) / 180;
  // The line towards the camera in the head's own axes: roll turns about it and does not matter.
  const x = -Math.sin(yaw);
  const y = Math.sin(pitch) * Math.cos(yaw);
  const z = -Math.cos(pitch) * Math.cos(yaw);
  const { normals } = model;
  return new Float64Array(model.vertices.length).map((_, vertex) => {
    const at = vertex * 3;
    const facing = x * (normals[at] ?? 0) + y * (normals[at + 1] ?? 0) + z * (normals[at + 2] ?? 0);
    return Math.min(1, Math.max(0, (facing - EDGE_ON) / (FACING - EDGE_ON)));
  });
}
