export { type LibraryConfig, libraryConfigSchema } from './config';
export { type RunningLibrary, startLibrary } from './start-library';
