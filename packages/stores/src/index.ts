export type { BlobEncryption } from './blob-codec';
export { type LocalDiskOptions, LocalDiskStore } from './disk/local-disk-store';
export type { BlobName, Naming, ObjectStore, PutOptions, StoredBlob } from './object-store';
export { type MinioOptions, MinioStore } from './s3/minio-store';
