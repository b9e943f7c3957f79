export { type Detection, type DetectOptions, FaceDetector } from './detection/face-detector';
export { type AlignmentPoint, alignFace } from './embedding/align';
export { Embedder } from './embedding/embedder';
export { type ScoreCalibration, scoreOf, similarity } from './embedding/similarity';
export { type CropPicture, contextCrop, livenessCrop } from './image/crop';
export { decodePhoto, type PhotoLimits, setDecodeThreads } from './image/decode';
export { type RgbImage, rgbImage } from './image/rgb-image';
export { type InferenceOptions, ModelSession } from './inference/model-session';
