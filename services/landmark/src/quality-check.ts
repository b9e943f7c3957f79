import { MienError, toProblem } from '@mien/errors';
import { type FaceOnLine, type JobOptions, MaskedComparison, type Problem } from '@mien/proto';
import {
  type FaceGeometry,
  headPose,
  openness,
  qualityLevel,
  qualityShortfalls,
  UNMASKED_PARTS,
} from '@mien/vision';

/**
 * What is wrong with a photo whose faces don't all meet the job's quality control level; undefined when they do.
 * What a mask covers does not count where masks are reckoned with. Throws ARGUMENT_INVALID when there is no such level.
 */
export function qualityProblem(
  faces: readonly FaceOnLine[],
  geometries: readonly (FaceGeometry | undefined)[],
  options: JobOptions | undefined,
): Problem | undefined {
  const level = qualityLevel(options?.qualityControl ?? 0);
  if (level === undefined) {
    throw new MienError('ARGUMENT_INVALID', 'quality control has the levels 0 to 4', {
      metadata: { field: 'quality_control' },
    });
  }
  const parts = reckonsWithMasks(options) ? UNMASKED_PARTS : undefined;
  for (const [index, face] of faces.entries()) {
    const quality = face.answer?.quality;
    const geometry = geometries[index];
    if (!quality || !geometry) continue;
    const shortfalls = qualityShortfalls(quality, headPose(geometry.mesh), openness(geometry), level, parts);
    if (shortfalls.length > 0) {
      const message = `the face does not meet quality control level ${level}: ${shortfalls.join('; ')}`;
      return toProblem(new MienError('FACE_QUALITY_TOO_LOW', message), 'landmark');
    }
  }
  return undefined;
}

function reckonsWithMasks(options: JobOptions | undefined): boolean {
  const masked = options?.masked;
  return (
    masked === MaskedComparison.MASKED_COMPARISON_AUTO || masked === MaskedComparison.MASKED_COMPARISON_ON
  );
}
