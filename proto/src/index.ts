/** The contracts, as ts-proto generates them from the .proto files beside this folder. */
import { join } from 'node:path';

export { Any } from './generated/google/protobuf/any';
export { BadRequest, ErrorInfo, RetryInfo } from './generated/google/rpc/error_details';
export { Status } from './generated/google/rpc/status';
export {
  BlobRef,
  Crop,
  DeadLetter,
  FaceOnLine,
  Job,
  JobOptions,
  Lane,
  Photo,
  Problem,
} from './generated/mien/line/v1/job';
export {
  ProcessRequest,
  ProcessResponse,
  StageServiceClient,
  type StageServiceServer,
  StageServiceService,
} from './generated/mien/line/v1/stage_service';
export {
  Attributes,
  Emotion,
  type EmotionProbability,
  Expression,
  Gender,
  Glasses,
  Hair,
  HairColor,
  HairLength,
  Mask,
} from './generated/mien/v1/attributes';
export {
  Completeness,
  Face,
  FaceLandmarks,
  HeadPose,
  Liveness,
  Openness,
  Quality,
  Template,
} from './generated/mien/v1/face';
export {
  CheckLivenessRequest,
  CheckLivenessResponse,
  CompareRequest,
  CompareResponse,
  DetectionOptions,
  DetectRequest,
  DetectResponse,
  FaceFeatures,
  FaceSelection,
  FaceServiceClient,
  type FaceServiceServer,
  FaceServiceService,
  Priority,
  Similarity,
} from './generated/mien/v1/face_service';
export { BoundingBox, Image, Point, Point3 } from './generated/mien/v1/image';

/** A serialised FileDescriptorSet of every contract, for reflection and for the OpenAPI document. */
export const descriptorSetPath = join(__dirname, 'mien.binpb');
