export { type Detection, type DetectOptions, FaceDetector } from './detection/face-detector';
export { type CropPicture, contextCrop, livenessCrop } from './image/crop';
export { decodePhoto, type PhotoLimits, setDecodeThreads } from './image/decode';
export { type RgbImage, rgbImage } from './image/rgb-image';
export { type InferenceOptions, ModelSession } from './inference/model-session';
