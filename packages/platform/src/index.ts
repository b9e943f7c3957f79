export { startInOneProcess } from './one-process';
export type { Platform } from './platform';
export { type ProcessPlatform, startProcessEach } from './process-each';
