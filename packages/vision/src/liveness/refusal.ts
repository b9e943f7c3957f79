import type { Reason } from '@mien/errors';
import type { FaceToJudge } from './face-to-judge';

/** Why a face can't be judged. */
export type Refusal = Extract<Reason, 'FACE_TOO_SMALL' | 'FACE_CUT_OFF'>;

/** More than this share of the face outside the photo: an edge that may hold a frame is missing with it. */
const MOST_OUTSIDE = 0.1;

/**
 * Whether a face is too small (shorter side of its box under `minFaceSize` pixels) or reaches past the photo's edge
 * with more than a tenth of its box or of its mesh, and undefined when it can be judged.
 */
export function refusalOf(face: FaceToJudge, minFaceSize: number): Refusal | undefined {
  if (Math.min(face.box.width, face.box.height) < minFaceSize) {
    return 'FACE_TOO_SMALL';
  }
  return Math.max(boxOutside(face), meshOutside(face)) > MOST_OUTSIDE ? 'FACE_CUT_OFF' : undefined;
}

/** Share of the box's area outside the photo. */
function boxOutside({ box, photo }: FaceToJudge): number {
  const width = Math.min(box.x + box.width, photo.width) - Math.max(box.x, 0);
  const height = Math.min(box.y + box.height, photo.height) - Math.max(box.y, 0);
  return 1 - (Math.max(0, width) * Math.max(0, height)) / (box.width * box.height);
}

/** Share of the mesh's points outside the photo: detectors tend to end their box at the edge, the mesh does not. */
function meshOutside({ mesh, photo }: FaceToJudge): number {
  let outside = 0;
  for (let i = 0; i + 1 < mesh.length; i += 3) {
    const x = mesh[i] ?? 0;
    const y = mesh[i + 1] ?? 0;
    if (x < 0 || y < 0 || x >= photo.width || y >= photo.height) {
      outside++;
    }
  }
  return mesh.length === 0 ? 0 : outside / (mesh.length / 3);
}
