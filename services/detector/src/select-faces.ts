import { FaceSelection } from '@mien/proto';
import type { Detection } from '@mien/vision';

/** The face that counts where only one does, or all of them. Faces come largest first. */
export function selectFaces(
  faces: readonly Detection[],
  only: FaceSelection | undefined,
): readonly Detection[] {
  if (only === undefined) {
    return faces;
  }
  return only === FaceSelection.FACE_SELECTION_MOST_CONFIDENT
    ? [...faces].sort((a, b) => b.confidence - a.confidence).slice(0, 1)
    : faces.slice(0, 1);
}
