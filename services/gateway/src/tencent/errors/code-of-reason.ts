import type { MienError, Reason } from '@mien/errors';
import type { Code } from './codes';

/** What an action is about, where one of our reasons has several codes. */
export interface ErrorContext {
  /** Whose job the action asks for. */
  readonly job?: 'similar-persons' | 'upgrade';
  /** The action changes a person's faces or groups: two such at once are a case of its own. */
  readonly changesPerson?: true;
  /** The action tells what is wrong with photos by the codes of identity checks. */
  readonly lifePhotos?: true;
  /** The argument that is at fault, or the limit, when the line does not say which. */
  readonly argument?: Code;
  readonly limit?: Code;
}

type Mapping = Code | ((error: MienError, context: ErrorContext) => Code);

/** Which code stands for each reason of ours: the one place where the two meet. */
export const CODE_OF_REASON: Readonly<Record<Reason, Mapping>> = {
  ARGUMENT_INVALID: ({ metadata }, { argument }) =>
    ARGUMENTS[metadata['field'] ?? ''] ?? argument ?? 'InvalidParameter.InvalidParameter',
  IMAGE_MISSING: 'InvalidParameterValue.ImageEmpty',
  IMAGE_TOO_LARGE: 'FailedOperation.ImageSizeExceed',
  IMAGE_DIMENSIONS_TOO_LARGE: 'FailedOperation.ImageResolutionExceed',
  IMAGE_DIMENSIONS_TOO_SMALL: 'FailedOperation.ImageResolutionTooSmall',
  IMAGE_FORMAT_UNSUPPORTED: 'FailedOperation.ImageDecodeFailed',
  IMAGE_CORRUPT: 'FailedOperation.ImageDecodeFailed',
  URL_INVALID: 'InvalidParameterValue.UrlIllegal',
  URL_FORBIDDEN: 'InvalidParameterValue.UrlIllegal',
  URL_FETCH_FAILED: 'FailedOperation.ImageDownloadError',
  NO_FACE: (_, { lifePhotos }) =>
    lifePhotos ? 'FailedOperation.LifePhotoDetectNoFaces' : 'InvalidParameterValue.NoFaceInPhoto',
  SEVERAL_FACES: 'FailedOperation.LifePhotoDetectFaces',
  FACE_TOO_SMALL: (_, { lifePhotos }) =>
    lifePhotos ? 'FailedOperation.LifePhotoSizeError' : 'FailedOperation.FaceSizeTooSmall',
  FACE_CUT_OFF: 'FailedOperation.FaceQualityNotQualified',
  FACE_QUALITY_TOO_LOW: 'FailedOperation.FaceQualityNotQualified',
  FACE_NOT_OF_PERSON: 'FailedOperation',
  MODEL_VERSIONS_DIFFER: 'FailedOperation.AcrossVersionsError',
  TEMPLATES_MISSING: 'FailedOperation.GroupLostFaces',
  MODEL_VERSION_IN_USE: 'FailedOperation.GroupCannotUpgrade',
  MODEL_PACK_INVALID: 'InternalError',
  CONFIGURATION_INVALID: 'InternalError',
  NOT_FOUND: 'FailedOperation',
  DEADLINE_EXCEEDED: 'FailedOperation.RequestTimeout',
  OVERLOADED: 'FailedOperation.RequestLimitExceeded',
  BUS_UNAVAILABLE: 'FailedOperation.RpcFail',
  SHUTTING_DOWN: 'FailedOperation.RpcFail',
  BLOB_LOST: stageFault,
  STAGE_FAILED: stageFault,
  INTERNAL: 'InternalError',
  GROUP_NOT_FOUND: 'InvalidParameterValue.GroupIdNotExist',
  PERSON_NOT_FOUND: 'InvalidParameterValue.PersonIdNotExist',
  FACE_NOT_FOUND: 'FailedOperation',
  PERSON_NOT_IN_GROUP: 'FailedOperation.GroupPersonMapNotExist',
  GROUP_ID_TAKEN: 'InvalidParameterValue.GroupIdAlreadyExist',
  GROUP_NAME_TAKEN: 'InvalidParameterValue.GroupNameAlreadyExist',
  PERSON_ID_TAKEN: 'InvalidParameterValue.PersonIdAlreadyExist',
  FACE_ID_TAKEN: conflict,
  PERSON_ALREADY_IN_GROUP: 'FailedOperation.GroupPersonMapExist',
  LAST_FACE: 'InvalidParameterValue.DeleteFaceNumExceed',
  LIMIT_REACHED: ({ metadata }, { limit }) => LIMITS[metadata['limit'] ?? ''] ?? limit ?? 'LimitExceeded',
  BLOB_NOT_RESERVED: 'FailedOperation.ServerError',
  CONFLICT: conflict,
  JOB_ENDED: 'FailedOperation',
  JOB_LOST: 'FailedOperation.ConflictOperation',
  CURSOR_INVALID: 'InvalidParameterValue.OffsetExceed',
  DATABASE_UNAVAILABLE: 'FailedOperation.RpcFail',
  VECTOR_INDEX_UNAVAILABLE: 'FailedOperation.RpcFail',
  OBJECT_STORE_UNAVAILABLE: 'FailedOperation.RpcFail',
  RECORD_UNREADABLE: 'InternalError',
  JOB_NOT_FOUND: (_, { job }) =>
    job === 'upgrade' ? 'FailedOperation.UpgradeJobIdNotExist' : 'FailedOperation.JobIdNotExist',
  JOB_NOT_DONE: (_, { job }) =>
    job === 'upgrade'
      ? 'FailedOperation.JobCannnotRollback'
      : 'FailedOperation.CheckDuplicatePersonTaskNotFinished',
  JOB_ALREADY_RUNNING: (_, { job }) =>
    job === 'upgrade'
      ? 'FailedOperation.GroupCannotUpgrade'
      : 'FailedOperation.CheckDuplicatePersonTaskNotFinished',
  UPGRADE_NOT_REVERSIBLE: 'FailedOperation.JobCannnotRollback',
  LIBRARY_UNAVAILABLE: 'FailedOperation.RpcFail',
  KEY_MISSING: 'AuthFailure.InvalidAuthorization',
  KEY_INVALID: 'AuthFailure.SecretIdNotFound',
  ROLE_INSUFFICIENT: 'AuthFailure.UnauthorizedOperation',
  GROUP_FORBIDDEN: 'AuthFailure.UnauthorizedOperation',
  RATE_LIMITED: 'RequestLimitExceeded',
  KEY_NOT_FOUND: 'FailedOperation',
  LAST_ADMIN_KEY: 'FailedOperation',
  IDEMPOTENCY_KEY_REUSED: 'FailedOperation',
  UPLOAD_NOT_FOUND: 'FailedOperation',
  ENDPOINT_NOT_FOUND: 'FailedOperation',
  RULE_NOT_FOUND: 'FailedOperation',
  DEAD_LETTER_NOT_FOUND: 'FailedOperation',
  CALLBACK_FAILED: 'FailedOperation',
};

/** What the library refuses of a request that this endpoint's own schemas can't know, by the field of the contract. */
const ARGUMENTS: Readonly<Record<string, Code>> = {
  field_names: 'FailedOperation.DuplicatedGroupDescription',
  field_values: 'InvalidParameterValue.PersonExDescriptionInfosExceed',
  to_version: 'FailedOperation.GroupCannotUpgrade',
};

const LIMITS: Readonly<Record<string, Code>> = {
  groups: 'InvalidParameterValue.GroupNumExceed',
  faces: 'InvalidParameterValue.AccountFaceNumExceed',
  facesPerGroup: 'InvalidParameterValue.GroupFaceNumExceed',
  facesPerPerson: 'InvalidParameterValue.PersonFaceNumExceed',
  groupsPerPerson: 'InvalidParameterValue.GroupNumPerPersonExceed',
  fieldsPerGroup: 'InvalidParameterValue.GroupExDescriptionsExceed',
  facesPerSearch: 'FailedOperation.SearchFacesExceed',
};

function stageFault(_: MienError, { lifePhotos }: ErrorContext): Code {
  return lifePhotos ? 'FailedOperation.CompareFail' : 'FailedOperation.ServerError';
}

function conflict(_: MienError, { changesPerson }: ErrorContext): Code {
  return changesPerson ? 'FailedOperation.CreateFaceConcurrent' : 'FailedOperation.ConflictOperation';
}

/** The code that an error of ours is answered with. */
export function codeOf(error: MienError, context: ErrorContext): Code {
  const mapping = CODE_OF_REASON[error.reason];
  return typeof mapping === 'string' ? mapping : mapping(error, context);
}
