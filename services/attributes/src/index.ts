export { attributesFactory } from './stage';
