import { status as GrpcStatus } from '@grpc/grpc-js';
import type { Reason } from '@mien/errors';

/**
 * The HTTP status of every reason. Where a gRPC code means one thing to HTTP, it is the one that
 * google/rpc/code.proto names; what the photo itself is at fault for gets the status made for that.
 */
export const HTTP_STATUS_OF_REASON: Readonly<Record<Reason, number>> = {
  ARGUMENT_INVALID: 400,
  IMAGE_MISSING: 400,
  IMAGE_TOO_LARGE: 413,
  IMAGE_DIMENSIONS_TOO_LARGE: 422,
  IMAGE_DIMENSIONS_TOO_SMALL: 422,
  IMAGE_FORMAT_UNSUPPORTED: 415,
  IMAGE_CORRUPT: 422,
  URL_INVALID: 400,
  URL_FORBIDDEN: 400,
  URL_FETCH_FAILED: 422,
  NO_FACE: 422,
  FACE_TOO_SMALL: 422,
  FACE_CUT_OFF: 422,
  FACE_QUALITY_TOO_LOW: 422,
  FACE_NOT_OF_PERSON: 422,
  MODEL_VERSIONS_DIFFER: 409,
  MODEL_PACK_INVALID: 500,
  CONFIGURATION_INVALID: 500,
  NOT_FOUND: 404,
  DEADLINE_EXCEEDED: 504,
  OVERLOADED: 429,
  BUS_UNAVAILABLE: 503,
  SHUTTING_DOWN: 503,
  BLOB_LOST: 500,
  STAGE_FAILED: 500,
  INTERNAL: 500,
  GROUP_NOT_FOUND: 404,
  PERSON_NOT_FOUND: 404,
  FACE_NOT_FOUND: 404,
  PERSON_NOT_IN_GROUP: 404,
  GROUP_ID_TAKEN: 409,
  GROUP_NAME_TAKEN: 409,
  PERSON_ID_TAKEN: 409,
  FACE_ID_TAKEN: 409,
  PERSON_ALREADY_IN_GROUP: 409,
  LAST_FACE: 409,
  LIMIT_REACHED: 409,
  BLOB_NOT_RESERVED: 409,
  CONFLICT: 409,
  CURSOR_INVALID: 400,
  DATABASE_UNAVAILABLE: 503,
  OBJECT_STORE_UNAVAILABLE: 503,
  RECORD_UNREADABLE: 500,
};

/** The name of a gRPC status code, such as INVALID_ARGUMENT. */
export function grpcStatusName(code: number): string {
  return GrpcStatus[code] ?? 'UNKNOWN';
}
