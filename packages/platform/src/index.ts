export { type NatsPermissions, natsPermissions } from './nats-permissions';
export { startInOneProcess } from './one-process';
export type { Platform } from './platform';
export { type ProcessPlatform, startProcessEach } from './process-each';
export { provisionNats } from './provision-nats';
export { type Ports, ServiceProcess, type ServiceProcessOptions } from './service-process';
