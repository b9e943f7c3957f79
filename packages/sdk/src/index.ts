/** Mien from Node. */
export { MienError, type Reason } from '@mien/errors';
export {
  type Attributes,
  type BoundingBox,
  type CheckLivenessResponse,
  type CompareResponse,
  type DetectionOptions,
  type DetectResponse,
  Emotion,
  type Face,
  type FaceFeatures,
  type FaceLandmarks,
  FaceSelection,
  Gender,
  Glasses,
  HairColor,
  HairLength,
  type HeadPose,
  type Liveness,
  Mask,
  type Openness,
  type Point,
  type Point3,
  Priority,
  type Quality,
  type Similarity,
  type Template,
} from '@mien/proto';
export {
  type ClientOptions,
  type CompareSettings,
  type DetectSettings,
  type LivenessSettings,
  MienClient,
} from './mien-client';
export type { PhotoSource } from './photo';
