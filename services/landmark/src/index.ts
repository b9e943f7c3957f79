export { landmarkFactory } from './stage';
