export { type LibraryConfig, libraryConfigSchema } from './config';
export { DuplicateCheckWork } from './jobs/duplicates/duplicate-check-work';
export { estimateCheck } from './jobs/duplicates/estimate';
export type { Library } from './library';
export { libraryModel } from './model';
export { openLibrary } from './open-library';
export { type RunningLibrary, startLibrary } from './start-library';
