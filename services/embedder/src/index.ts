export { embedderFactory } from './stage';
