export { AttributeAnalyser } from './attributes/analyser';
export type { AttributeInput } from './attributes/face-view';
export { type Detection, type DetectOptions, FaceDetector } from './detection/face-detector';
export { type AlignmentPoint, alignFace } from './embedding/align';
export { Embedder } from './embedding/embedder';
export { centralFace, FaceAligner } from './embedding/face-aligner';
export { type ScoreCalibration, scoreOf, similarity } from './embedding/similarity';
export { type TemplatedFace, TemplatePipeline } from './embedding/template-pipeline';
export { maskIsLikely } from './embedding/upper-face';
export { UpperFaceEmbedder } from './embedding/upper-face-embedder';
export { type CropPicture, contextCrop, livenessCrop } from './image/crop';
export { decodePhoto, type PhotoLimits, setDecodeThreads } from './image/decode';
export { type RgbImage, rgbImage } from './image/rgb-image';
export { type InferenceOptions, ModelSession } from './inference/model-session';
export { type FaceGeometry, mapGeometry } from './landmarks/face-geometry';
export { headPose } from './landmarks/head-pose';
export { alignmentPoints, faceLandmarks } from './landmarks/landmarks';
export { LandmarkLocator, type LocateInput } from './landmarks/locator';
export { openness } from './landmarks/openness';
export type { FaceToJudge } from './liveness/face-to-judge';
export { LivenessJudge } from './liveness/liveness-judge';
export { assessQuality, type QualityInput } from './quality/assess';
export type { PhotoArea } from './quality/completeness';
export {
  type QualityLevel,
  qualityLevel,
  qualityShortfalls,
  UNMASKED_PARTS,
} from './quality/quality-control';
