import { MienError } from '@mien/errors';
import type { FaceOnLine, Refusal } from '@mien/proto';
import { type QualityLevel, qualityLevel, qualityShortfalls } from '@mien/vision';

/** The level of quality control that a request asks for. Throws ARGUMENT_INVALID when there is none such. */
export function askedQuality(asked: number): QualityLevel {
  const level = qualityLevel(asked);
  if (level === undefined) {
    throw new MienError('ARGUMENT_INVALID', 'quality_control: the levels are 0 to 4', {
      metadata: { field: 'quality_control', minimum: '0', maximum: '4' },
    });
  }
  return level;
}

/**
 * Why a face does not meet a quality control level; undefined when it does. Throws INTERNAL when the landmark stage was
 * not asked for what it is told by: quality, pose and openness.
 */
export function qualityRefusal({ answer }: FaceOnLine, level: QualityLevel): Refusal | undefined {
  if (level === 0) {
    return undefined;
  }
  const { quality, pose, openness } = answer ?? {};
  if (quality === undefined || pose === undefined || openness === undefined) {
    throw new MienError('INTERNAL', 'a face came to quality control without quality, pose or openness');
  }
  const shortfalls = qualityShortfalls(quality, pose, openness, level);
  return shortfalls.length === 0
    ? undefined
    : {
        reason: 'FACE_QUALITY_TOO_LOW',
        message: `the face does not meet quality control level ${level}: ${shortfalls.join('; ')}`,
      };
}
