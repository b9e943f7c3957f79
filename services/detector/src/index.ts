export { detectorFactory } from './stage';
