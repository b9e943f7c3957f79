import { MienError, toProblem } from '@mien/errors';
import type { FaceOnLine, Problem } from '@mien/proto';
import { type FaceGeometry, headPose, openness, qualityLevel, qualityShortfalls } from '@mien/vision';

/**
 * What is wrong with a photo whose faces don't all meet a quality control level; undefined when they do. Throws
 * ARGUMENT_INVALID when there is no such level.
 */
export function qualityProblem(
  faces: readonly FaceOnLine[],
  geometries: readonly (FaceGeometry | undefined)[],
  asked: number,
): Problem | undefined {
  const level = qualityLevel(asked);
  if (level === undefined) {
    throw new MienError('ARGUMENT_INVALID', 'quality control has the levels 0 to 4', {
      metadata: { field: 'quality_control' },
    });
  }
  for (const [index, face] of faces.entries()) {
    const quality = face.answer?.quality;
    const geometry = geometries[index];
    if (!quality || !geometry) continue;
    const shortfalls = qualityShortfalls(quality, headPose(geometry.mesh), openness(geometry), level);
    if (shortfalls.length > 0) {
      const message = `the face does not meet quality control level ${level}: ${shortfalls.join('; ')}`;
      return toProblem(new MienError('FACE_QUALITY_TOO_LOW', message), 'landmark');
    }
  }
  return undefined;
}
