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
  'mien.v1.CreatePersonRequest.quality_control': { minimum: 0, maximum: 4 },
  'mien.v1.AddFacesRequest.quality_control': { minimum: 0, maximum: 4 },
  'mien.v1.AddFacesRequest.minimum_similarity': { minimum: 0, maximum: 100 },
  'mien.v1.VerifyPersonRequest.quality_control': { minimum: 0, maximum: 4 },
  'mien.v1.VerifyPersonRequest.threshold': { minimum: 0, maximum: 100 },
  'mien.v1.SearchRequest.max_faces': { minimum: 1, maximum: 10, zeroIsDefault: true },
  'mien.v1.SearchRequest.max_candidates': { minimum: 1, maximum: 100, zeroIsDefault: true },
  'mien.v1.SearchRequest.minimum_score': { minimum: 0, maximum: 100 },
  'mien.v1.SearchRequest.quality_control': { minimum: 0, maximum: 4 },
  'mien.v1.Page.size': { minimum: 1, maximum: 1000, zeroIsDefault: true },
  'mien.v1.StartDuplicateCheckRequest.minimum_score': { minimum: 0, maximum: 100 },
  'mien.v1.ClusterSettings.minimum_score': { minimum: 0, maximum: 100 },
  'mien.v1.CreateRuleRequest.minimum_score': { minimum: 0, maximum: 100 },
  'mien.v1.CreateRuleRequest.quiet_seconds': { minimum: 0, maximum: 86_400 },
  'mien.v1.EnrolWork.quality_control': { minimum: 0, maximum: 4 },
  'mien.v1.CreateKeyRequest.requests_per_second': { minimum: 0, maximum: 1_000_000 },
  'mien.v1.CreateKeyRequest.burst': { minimum: 0, maximum: 1_000_000 },
  'mien.v1.RotateKeyRequest.grace_seconds': { minimum: 0, maximum: 604_800 },
} as const satisfies Record<string, NumberLimit>;

/** How many entries a list in a request may have. */
export interface ListLimit {
  readonly minimum: number;
  readonly maximum: number;
}

/** As FIELD_LIMITS, of lists. */
export const LIST_LIMITS = {
  'mien.v1.AddFacesRequest.images': { minimum: 1, maximum: 20 },
  'mien.v1.SearchRequest.group_ids': { minimum: 1, maximum: 100 },
  'mien.v1.CreateRuleRequest.group_ids': { minimum: 0, maximum: 100 },
  'mien.v1.CreateRuleRequest.sources': { minimum: 0, maximum: 100 },
  'mien.v1.TemplateInput.vector': { minimum: 1, maximum: 4096 },
  'mien.v1.EstimateDuplicateCheckRequest.group_ids': { minimum: 1, maximum: 10 },
  'mien.v1.StartDuplicateCheckRequest.group_ids': { minimum: 1, maximum: 10 },
  'mien.v1.CreateKeyRequest.group_ids': { minimum: 0, maximum: 100 },
  'mien.v1.SubmitJobRequest.photos': { minimum: 0, maximum: 1_000 },
} as const satisfies Record<string, ListLimit>;

/** As the other tables: the bound of lists without one of their own. A page has as many entries. */
const MAX_ENTRIES = 1_000;

/** The bound of a list in a request, by full field name. Every list has one. */
export function listLimit(field: string): ListLimit {
  const table: Readonly<Record<string, ListLimit>> = LIST_LIMITS;
  return table[field] ?? { minimum: 0, maximum: MAX_ENTRIES };
}

/**
 * How many bytes of UTF-8 a text in a request may have, by full field name, where it is not MAX_STRING_BYTES. Finer
 * rules (letters of ids, characters of names) are checked where they belong; this keeps everything else out.
 */
export const STRING_LIMITS = {
  // URL_INVALID is told from 2048 characters on.
  'mien.v1.Image.url': 8_192,
  'mien.v1.JobPhoto.url': 8_192,
  'mien.v1.CreateEndpointRequest.url': 8_192,
  'mien.v1.Page.cursor': 1_024,
  'mien.v1.SearchRequest.source': 128,
  'mien.v1.CheckLivenessRequest.source': 128,
  'mien.v1.SubmitJobRequest.idempotency_key': 128,
  'mien.v1.CreateKeyRequest.name': 128,
} as const satisfies Record<string, number>;

/** The bound of every other text: ids have 64 bytes at most, names 60 characters of at most 4 bytes. */
export const MAX_STRING_BYTES = 256;

/** The bound of a text in a request, by full field name. Every text has one. */
export function stringLimit(field: string): number {
  const table: Readonly<Record<string, number>> = STRING_LIMITS;
  return table[field] ?? MAX_STRING_BYTES;
}

/** Bytes of an encoded request that can hold no photo: a thousand ids and more. */
export const MAX_PLAIN_REQUEST_BYTES = 1_048_576;

/** Bytes of an encoded photo, however it arrives. */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

/** Bytes of all photos of one request together. */
export const MAX_PHOTOS_BYTES = 64 * 1024 * 1024;

/** Photos of an album that is clustered. */
export const MAX_ALBUM_PHOTOS = 1_000;

/** Bytes of the caller's name for a photo of an album, in UTF-8. */
export const MAX_PHOTO_NAME_BYTES = 256;

/** Faces of an album that is clustered: comparing all with all takes half a minute of a processor's time. */
export const MAX_ALBUM_FACES = 10_000;
