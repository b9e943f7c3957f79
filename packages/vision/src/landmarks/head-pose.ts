import type { HeadPose } from '@mien/proto';
import { MEAN_FACE } from './mean-face';
import type { Mesh } from './mesh';
import { fitRotation } from './rotation-fit';

/**
 * Pitch of the mean face, as it stands in its own axes, when somebody looks straight into the camera, in degrees: the
 * mean over LFW. The axes' own zero is a vertical line from forehead to chin, which people hardly ever show.
 */
export const NATURAL_PITCH = -8;

const MEAN_POSITIONS = MEAN_FACE.map(([, x, y, z]) => [x, y, z] as const);

/**
 * Where the head points, from the rotation that carries the mean face onto the mesh. The turns are taken apart as
 * pitch first, then yaw, then roll in the plane of the picture, so that turning the photo changes the roll alone.
 */
export function headPose(mesh: Mesh): HeadPose {
  const positions = MEAN_FACE.map(
    ([vertex]) => [mesh[vertex * 3] ?? 0, mesh[vertex * 3 + 1] ?? 0, mesh[vertex * 3 + 2] ?? 0] as const,
  );
  const [[xx], [yx], [zx, zy, zz]] = fitRotation(MEAN_POSITIONS, positions);
  return {
    // The face looks along -z: with x to the right and y down, up and right turn the last row's entries so.
    pitch: degrees(Math.asin(clamp(-zy / Math.hypot(zy, zz)))) - NATURAL_PITCH,
    yaw: degrees(Math.asin(clamp(zx))),
    roll: degrees(Math.atan2(yx, xx)),
  };
}

/** Rounding may carry a sine past one. */
function clamp(sine: number): number {
  return Math.min(1, Math.max(-1, sine));
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
