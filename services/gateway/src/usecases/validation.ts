import { MienError } from '@mien/errors';
import type { CheckLivenessRequest, CompareRequest, DetectionOptions, DetectRequest } from '@mien/proto';
import { FIELD_LIMITS, type ListLimit, type NumberLimit } from './limits';

/** Checks the numbers of a request. Throws ARGUMENT_INVALID, `field` in its metadata. */
export function validateDetect(request: DetectRequest): void {
  validateDetection(request.detection);
}

/** As validateDetect. */
export function validateCompare(request: CompareRequest): void {
  validateDetection(request.detection);
  checkNumber(
    'quality_control',
    request.qualityControl,
    FIELD_LIMITS['mien.v1.CompareRequest.quality_control'],
  );
}

/** As validateDetect. */
export function validateCheckLiveness(request: CheckLivenessRequest): void {
  validateDetection(request.detection);
  if (request.threshold !== undefined) {
    checkNumber('threshold', request.threshold, FIELD_LIMITS['mien.v1.CheckLivenessRequest.threshold']);
  }
}

/** As validateDetect. */
export function validateDetection(options: DetectionOptions | undefined): void {
  if (options === undefined) {
    return;
  }
  const { maxFaces, minFaceSize } = options;
  checkNumber('detection.max_faces', maxFaces, FIELD_LIMITS['mien.v1.DetectionOptions.max_faces']);
  checkNumber('detection.min_face_size', minFaceSize, FIELD_LIMITS['mien.v1.DetectionOptions.min_face_size']);
}

/** Throws ARGUMENT_INVALID for a number beyond its limit. */
export function checkNumber(field: string, value: number, limit: NumberLimit): void {
  if (limit.zeroIsDefault && value === 0) {
    return;
  }
  // Written so that NaN, which a float on the wire may be, fails too.
  if (!(value >= limit.minimum && value <= limit.maximum)) {
    const range = `${limit.minimum} to ${limit.maximum}`;
    throw new MienError(
      'ARGUMENT_INVALID',
      `${field} must be ${range}${limit.zeroIsDefault ? ', or 0' : ''}`,
      {
        metadata: { field, minimum: String(limit.minimum), maximum: String(limit.maximum) },
      },
    );
  }
}

/** Throws ARGUMENT_INVALID for a list with too few or too many entries. */
export function checkCount(field: string, count: number, { minimum, maximum }: ListLimit): void {
  if (count < minimum || count > maximum) {
    throw new MienError('ARGUMENT_INVALID', `${field} must have ${minimum} to ${maximum} entries`, {
      metadata: { field, minimum: String(minimum), maximum: String(maximum) },
    });
  }
}
