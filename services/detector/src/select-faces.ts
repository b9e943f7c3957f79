import { MienError } from '@mien/errors';
import { FaceSelection } from '@mien/proto';
import type { Detection } from '@mien/vision';

/**
 * The face that counts where only one does, or all of them. Faces come largest first. Throws SEVERAL_FACES where the only
 * face is asked for and there are more.
 */
export function selectFaces(
  faces: readonly Detection[],
  only: FaceSelection | undefined,
): readonly Detection[] {
  switch (only) {
    case undefined:
      return faces;
    case FaceSelection.FACE_SELECTION_MOST_CONFIDENT:
      return [...faces].sort((a, b) => b.confidence - a.confidence).slice(0, 1);
    case FaceSelection.FACE_SELECTION_SOLE:
      if (faces.length > 1) {
        throw new MienError('SEVERAL_FACES', `the photo shows ${faces.length} faces, and one is asked for`);
      }
      return faces;
    default:
      return faces.slice(0, 1);
  }
}
