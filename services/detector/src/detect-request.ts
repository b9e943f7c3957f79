import type { JobOptions } from '@mien/proto';
import type { DetectOptions } from '@mien/vision';

/** What the proto's zeros stand for (mien.v1.DetectionOptions). */
const MAX_FACES = 120;
export const SMALLEST_FACE = 20;

/**
 * How a job wants its photos searched. One face only (`options.only`) still needs all of them found: the largest
 * and the most confident are chosen afterwards.
 */
export function detectOptions(options: JobOptions | undefined): DetectOptions {
  const detection = options?.detection;
  const maxFaces = detection?.maxFaces || MAX_FACES;
  return {
    minFaceSize: Math.max(SMALLEST_FACE, detection?.minFaceSize || SMALLEST_FACE),
    maxFaces: options?.only === undefined ? Math.min(MAX_FACES, maxFaces) : MAX_FACES,
    rotationSearch: detection?.rotationSearch ?? false,
  };
}
