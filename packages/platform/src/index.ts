export { startInOneProcess } from './one-process';
export type { Platform } from './platform';
export { type ProcessPlatform, startProcessEach } from './process-each';
export { type Ports, ServiceProcess, type ServiceProcessOptions } from './service-process';
