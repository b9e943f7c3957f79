export { livenessFactory } from './stage';
