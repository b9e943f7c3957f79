/** gRPC status codes, by number, as https://grpc.io/docs/guides/status-codes/ lists them. */
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const DATA_LOSS = 15;
const UNAUTHENTICATED = 16;

/**
 * Every reason that Mien gives for not answering, with its gRPC status. Reasons are stable: clients branch on
 * them. docs/errors.md explains each to its readers.
 */
export const STATUS_OF_REASON = {
  /** A field of the request has a value it may not have; metadata.field names it. */
  ARGUMENT_INVALID: INVALID_ARGUMENT,
  /** No photo was given. */
  IMAGE_MISSING: INVALID_ARGUMENT,
  /** The photo has more bytes than allowed. */
  IMAGE_TOO_LARGE: INVALID_ARGUMENT,
  /** The photo has more pixels, or longer sides, than allowed. */
  IMAGE_DIMENSIONS_TOO_LARGE: INVALID_ARGUMENT,
  /** The photo's shorter side is too short to hold a face. */
  IMAGE_DIMENSIONS_TOO_SMALL: INVALID_ARGUMENT,
  /** Not a JPEG, PNG, WebP or BMP file. */
  IMAGE_FORMAT_UNSUPPORTED: INVALID_ARGUMENT,
  /** The right kind of file, but damaged or cut short. */
  IMAGE_CORRUPT: INVALID_ARGUMENT,
  /** Not an http or https address. */
  URL_INVALID: INVALID_ARGUMENT,
  /** The address leads to a private, loopback or link-local network. */
  URL_FORBIDDEN: INVALID_ARGUMENT,
  /** The address did not give a photo. */
  URL_FETCH_FAILED: FAILED_PRECONDITION,
  /** The photo shows no face, or none of the wanted size. */
  NO_FACE: FAILED_PRECONDITION,
  /** The photo shows more than one face, and only one is taken. */
  SEVERAL_FACES: FAILED_PRECONDITION,
  /** The face is too small for what was asked. */
  FACE_TOO_SMALL: FAILED_PRECONDITION,
  /** The face reaches past the edge of the photo. */
  FACE_CUT_OFF: FAILED_PRECONDITION,
  /** The face does not meet the quality control level asked for. */
  FACE_QUALITY_TOO_LOW: FAILED_PRECONDITION,
  /** The face resembles the person's enrolled faces too little to be another of them. */
  FACE_NOT_OF_PERSON: FAILED_PRECONDITION,
  /** Templates of two model versions were to be compared. */
  MODEL_VERSIONS_DIFFER: FAILED_PRECONDITION,
  /** Faces of a group have no template of the model it is to switch to; metadata.faces tells how many. */
  TEMPLATES_MISSING: FAILED_PRECONDITION,
  /** A group or a job still needs the templates of the model. */
  MODEL_VERSION_IN_USE: FAILED_PRECONDITION,
  /** The model pack or one of its files is missing, damaged or of the wrong form. */
  MODEL_PACK_INVALID: FAILED_PRECONDITION,
  /** A service's configuration has a wrong or missing value. */
  CONFIGURATION_INVALID: FAILED_PRECONDITION,
  /** What was asked for is not there. */
  NOT_FOUND: NOT_FOUND,
  /** The answer did not come within the request's deadline. */
  DEADLINE_EXCEEDED: DEADLINE_EXCEEDED,
  /** More work is waiting than can be done in time; try again later. */
  OVERLOADED: RESOURCE_EXHAUSTED,
  /** The message bus can't be reached or does not fit the stage catalog. */
  BUS_UNAVAILABLE: UNAVAILABLE,
  /** The service is going down and takes no new work. */
  SHUTTING_DOWN: UNAVAILABLE,
  /** A stored photo or crop is gone or not what was stored. */
  BLOB_LOST: DATA_LOSS,
  /** A stage gave up on the job after all its attempts; the job is in the dead-letter stream. */
  STAGE_FAILED: INTERNAL,
  /** A fault of ours. */
  INTERNAL: INTERNAL,
  /** No group of the library has the id. */
  GROUP_NOT_FOUND: NOT_FOUND,
  /** Nobody in the library has the id. */
  PERSON_NOT_FOUND: NOT_FOUND,
  /** The person has no face of the id. */
  FACE_NOT_FOUND: NOT_FOUND,
  /** The person is not in the group. */
  PERSON_NOT_IN_GROUP: NOT_FOUND,
  /** A group of the id exists. */
  GROUP_ID_TAKEN: ALREADY_EXISTS,
  /** A group of the name exists. */
  GROUP_NAME_TAKEN: ALREADY_EXISTS,
  /** A person of the id exists, in this group or another. */
  PERSON_ID_TAKEN: ALREADY_EXISTS,
  /** A face of the id is enrolled. */
  FACE_ID_TAKEN: ALREADY_EXISTS,
  /** The person is in the group as it is. */
  PERSON_ALREADY_IN_GROUP: ALREADY_EXISTS,
  /** A person keeps one face at least. */
  LAST_FACE: FAILED_PRECONDITION,
  /** The library, a group, a person or an album holds as much as it may; metadata.limit names what. */
  LIMIT_REACHED: FAILED_PRECONDITION,
  /** A photo's reservation ended before its enrolment did: the photo may be gone. */
  BLOB_NOT_RESERVED: ABORTED,
  /** Somebody else changed the same thing meanwhile. */
  CONFLICT: ABORTED,
  /** The long work has ended. */
  JOB_ENDED: FAILED_PRECONDITION,
  /** Somebody else goes on with the long work, or it was cancelled. */
  JOB_LOST: ABORTED,
  /** Not a cursor of this list. */
  CURSOR_INVALID: INVALID_ARGUMENT,
  /** The library's database can't be reached or went away. */
  DATABASE_UNAVAILABLE: UNAVAILABLE,
  /** The index that faces are searched in can't be reached or went away. */
  VECTOR_INDEX_UNAVAILABLE: UNAVAILABLE,
  /** The object store can't be reached, or its disk can't be used. */
  OBJECT_STORE_UNAVAILABLE: UNAVAILABLE,
  /** What database or object store hold can't be read: it is damaged, or encrypted with another key. */
  RECORD_UNREADABLE: DATA_LOSS,
  /** No long job of the library has the id. */
  JOB_NOT_FOUND: NOT_FOUND,
  /** The job's result is there when it is done. */
  JOB_NOT_DONE: FAILED_PRECONDITION,
  /** Another job is at work on the same groups. */
  JOB_ALREADY_RUNNING: FAILED_PRECONDITION,
  /** The group can't go back to the model before: it did already, or has faces that this model has not seen. */
  UPGRADE_NOT_REVERSIBLE: FAILED_PRECONDITION,
  /** The library's process can't be reached. */
  LIBRARY_UNAVAILABLE: UNAVAILABLE,
  /** No key came with the request. */
  KEY_MISSING: UNAUTHENTICATED,
  /** The key is not one of ours, or it expired, was revoked or got another secret. */
  KEY_INVALID: UNAUTHENTICATED,
  /** The key's role may not do this; metadata.role names the one that may. */
  ROLE_INSUFFICIENT: PERMISSION_DENIED,
  /** The key does not reach the group or the person. */
  GROUP_FORBIDDEN: PERMISSION_DENIED,
  /** The key has used up its requests; metadata.retryAfterSeconds tells when there are more. */
  RATE_LIMITED: RESOURCE_EXHAUSTED,
  /** No key has the id. */
  KEY_NOT_FOUND: NOT_FOUND,
  /** One admin key has to stay. */
  LAST_ADMIN_KEY: FAILED_PRECONDITION,
  /** The idempotency key was used for another request. */
  IDEMPOTENCY_KEY_REUSED: ALREADY_EXISTS,
  /** No uploaded photo of this key has the id, or it expired. */
  UPLOAD_NOT_FOUND: NOT_FOUND,
  /** No endpoint of this key has the id. */
  ENDPOINT_NOT_FOUND: NOT_FOUND,
  /** No rule of this key has the id. */
  RULE_NOT_FOUND: NOT_FOUND,
  /** No dead letter has the id. */
  DEAD_LETTER_NOT_FOUND: NOT_FOUND,
  /** An endpoint did not take a callback. */
  CALLBACK_FAILED: UNAVAILABLE,
} as const;

export type Reason = keyof typeof STATUS_OF_REASON;

export function isReason(value: string): value is Reason {
  return Object.hasOwn(STATUS_OF_REASON, value);
}

/** The reason nearest to a gRPC status code that came without one of ours. */
export function reasonOfStatus(code: number): Reason {
  switch (code) {
    case INVALID_ARGUMENT:
      return 'ARGUMENT_INVALID';
    case DEADLINE_EXCEEDED:
      return 'DEADLINE_EXCEEDED';
    case NOT_FOUND:
      return 'NOT_FOUND';
    case ALREADY_EXISTS:
    case ABORTED:
      return 'CONFLICT';
    case UNAUTHENTICATED:
      return 'KEY_INVALID';
    case PERMISSION_DENIED:
      return 'ROLE_INSUFFICIENT';
    case RESOURCE_EXHAUSTED:
      return 'OVERLOADED';
    case UNAVAILABLE:
      return 'BUS_UNAVAILABLE';
    case DATA_LOSS:
      return 'BLOB_LOST';
    default:
      return 'INTERNAL';
  }
}

/** Whether trying the same work again may help: what is wrong with a request stays wrong. */
export function mayPass(reason: Reason): boolean {
  const code = STATUS_OF_REASON[reason];
  return code === INTERNAL || code === UNAVAILABLE || code === RESOURCE_EXHAUSTED || code === ABORTED;
}
