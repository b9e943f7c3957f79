export { type LocalDiskOptions, LocalDiskStore } from './local-disk-store';
export type { ObjectStore, PutOptions } from './object-store';
