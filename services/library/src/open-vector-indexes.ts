import { MienError } from '@mien/errors';
import { EmbeddedIndexes, type VectorIndexes } from '@mien/vectors';
import type { LibraryConfig } from './config';

/** The vector indexes that the configuration names. */
export function openVectorIndexes(config: LibraryConfig): VectorIndexes {
  if (config.qdrant !== undefined) {
    throw new MienError('CONFIGURATION_INVALID', 'MIEN_QDRANT_URL: Qdrant is not supported yet');
  }
  return new EmbeddedIndexes({ threads: config.indexThreads });
}
