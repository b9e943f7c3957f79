/** Mien from Node. */
export { MienError, type Reason } from '@mien/errors';
export {
  type AddedFace,
  type AddPersonToGroupsResponse,
  type Attributes,
  type BoundingBox,
  type Candidate,
  type CheckLivenessResponse,
  type ClusteredFace,
  type ClusterPhotosResponse,
  type CompareResponse,
  type CreatePersonResponse,
  type DetectionOptions,
  type DetectResponse,
  type DuplicateCheck,
  type DuplicateCluster,
  type DuplicatePair,
  Emotion,
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
  LibraryJobState,
  type Liveness,
  Mask,
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
  type RefusedPhoto,
  type SearchResponse,
  type Similarity,
  type Template,
  UniquenessControl,
  type VerifyPersonResponse,
} from '@mien/proto';
export type { AlbumSource, ClusterSettings, NamedPhoto } from './album';
export type { ClientOptions } from './channel';
export type { DuplicateCheckSettings, MienDuplicateChecks } from './library/duplicate-checks';
export type { FaceSource } from './library/face-source';
export type { MienLibrary } from './library/mien-library';
export type { MienModelUpgrades } from './library/model-upgrades';
export type { ListSettings } from './library/pages';
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
export type { PhotoSource } from './photo';
export { type TlsOptions, tlsChannelOptions, tlsCredentials } from './tls';
