export { decodePhoto, type PhotoLimits, setDecodeThreads } from './image/decode';
export { type RgbImage, rgbImage } from './image/rgb-image';
export { type InferenceOptions, ModelSession } from './inference/model-session';
