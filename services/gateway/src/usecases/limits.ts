/** What a number in a request may be. */
export interface NumberLimit {
  readonly minimum: number;
  readonly maximum: number;
  /** 0 is allowed beside the range and stands for the default. */
  readonly zeroIsDefault?: true;
}

/**
 * The ranges of mien.v1's numbers, by full field name: what the comments in the .proto files say, for programs.
 * Requests of both transports are checked against it and the OpenAPI document shows it.
 */
export const FIELD_LIMITS = {
  'mien.v1.DetectionOptions.max_faces': { minimum: 1, maximum: 120, zeroIsDefault: true },
  'mien.v1.DetectionOptions.min_face_size': { minimum: 20, maximum: 4000, zeroIsDefault: true },
  'mien.v1.CompareRequest.quality_control': { minimum: 0, maximum: 4 },
  'mien.v1.CheckLivenessRequest.threshold': { minimum: 0, maximum: 100 },
} as const satisfies Record<string, NumberLimit>;

/** Bytes of an encoded photo, however it arrives. */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024;
