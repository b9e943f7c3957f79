export { type RgbImage, rgbImage } from './image/rgb-image';
export { type InferenceOptions, ModelSession } from './inference/model-session';
