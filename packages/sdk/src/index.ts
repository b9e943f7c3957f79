/** Mien from Node. */
export { MienError, type Reason } from '@mien/errors';
export {
  type AddedFace,
  type AddPersonToGroupsResponse,
  type ApiKey,
  type Attributes,
  type AuditRecord,
  type BoundingBox,
  type Candidate,
  type CheckLivenessResponse,
  type ClusteredFace,
  type ClusterPhotosResponse,
  type CompareResponse,
  type CreateEndpointResponse,
  type CreateKeyResponse,
  type CreatePersonResponse,
  DeadLetterKind,
  type DeadLetterRecord,
  type DetectionOptions,
  type DetectResponse,
  type DuplicateCheck,
  type DuplicateCluster,
  type DuplicatePair,
  Emotion,
  type Endpoint,
  type EstimateDuplicateCheckResponse,
  type Face,
  type FaceCandidates,
  type FaceCluster,
  type FaceFeatures,
  type FaceLandmarks,
  FaceSelection,
  Gender,
  Glasses,
  type Group,
  HairColor,
  HairLength,
  type HeadPose,
  type JobResult,
  JobState,
  LibraryJobState,
  type Liveness,
  Mask,
  MaskedComparison,
  Matching,
  type Membership,
  type ModelUpgrade,
  type Openness,
  type Person,
  type PersonFace,
  type Point,
  type Point3,
  Priority,
  type Quality,
  type Refusal,
  type RefusedPhoto,
  Role,
  type RotateKeyResponse,
  type Rule,
  type SearchResponse,
  type Similarity,
  type StageCount,
  type SubmittedJob,
  type Template,
  UniquenessControl,
  type UploadPhotoResponse,
  type VerifyPersonResponse,
} from '@mien/proto';
export type { AlbumSource, ClusterSettings, NamedPhoto } from './album';
export type { AuditSelection, ExportSettings, MienAudit } from './audit';
export type { ClientOptions } from './channel';
export type { ListDeadLettersSettings, MienDeadLetters } from './dead-letters';
export { hasEnded } from './jobs/job-ends';
export type { JobPhotoSource, PhotoOwner } from './jobs/job-photos';
export type { JobWork } from './jobs/job-work';
export type { ListJobsSettings, MienJobs, SubmitSettings, WatchSettings } from './jobs/mien-jobs';
export type { MienKeys, NewKey, RotateSettings } from './keys';
export type { DuplicateCheckSettings, MienDuplicateChecks } from './library/duplicate-checks';
export type { FaceSource } from './library/face-source';
export type { MienLibrary } from './library/mien-library';
export type { MienModelUpgrades } from './library/model-upgrades';
export type {
  AddFacesSettings,
  EnrolSettings,
  GroupChanges,
  NewGroup,
  NewPerson,
  PersonChanges,
  SearchSettings,
  VerifySettings,
} from './library/settings';
export {
  type CompareSettings,
  type DetectSettings,
  type LivenessSettings,
  MienClient,
} from './mien-client';
export {
  CallbackError,
  type CallbackHeaders,
  type MienEvent,
  verifyCallback,
} from './notifications/callback';
export type { CallbackEndpoints, NewEndpoint } from './notifications/callback-endpoints';
export type { MienNotifications } from './notifications/mien-notifications';
export type { NewRule, NotificationRules } from './notifications/notification-rules';
export type { ListSettings } from './pages';
export type { PhotoSource } from './photo';
export { type TlsOptions, tlsChannelOptions, tlsCredentials } from './tls';
