import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { asMienError } from '@mien/errors';
import { LocalDiskStore, MinioStore, type ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';
import type { BaseConfig } from './config/base-config';

const RETRY_MS = 2_000;

/**
 * Opens the store that the configuration names. Throws CONFIGURATION_INVALID, and OBJECT_STORE_UNAVAILABLE unless it
 * is to wait for the store to come up.
 */
export async function openObjectStore(
  config: BaseConfig,
  logger: Logger,
  wait: boolean,
): Promise<ObjectStore> {
  for (;;) {
    try {
      return await open(config);
    } catch (thrown) {
      const error = asMienError(thrown);
      if (!wait || error.reason !== 'OBJECT_STORE_UNAVAILABLE') {
        throw thrown;
      }
      logger.warn({ err: error }, 'waiting for the object store');
      await setTimeout(RETRY_MS);
    }
  }
}

function open({ dataDir, objectStore }: BaseConfig): Promise<ObjectStore> {
  const { minio, encryption, fsync, memoryBytes } = objectStore;
  const shared = { memoryBytes, ...(encryption === undefined ? {} : { encryption }) };
  return minio === undefined
    ? LocalDiskStore.open({ folder: join(dataDir, 'blobs'), fsync, ...shared })
    : MinioStore.open({ ...minio, ...shared });
}
