import { EmbeddedIndexes, QdrantIndexes, type VectorIndexes } from '@mien/vectors';
import type { LibraryConfig } from './config';

/** The vector indexes that the configuration names: Qdrant's, or those inside this process. */
export function openVectorIndexes({ qdrant, indexThreads }: LibraryConfig): VectorIndexes {
  if (qdrant === undefined) {
    return new EmbeddedIndexes({ threads: indexThreads });
  }
  const { url, apiKey } = qdrant;
  return new QdrantIndexes({ url, ...(apiKey === undefined ? {} : { apiKey }) });
}
