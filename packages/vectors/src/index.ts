export { EmbeddedIndexes, type EmbeddedOptions } from './embedded/embedded-indexes';
export { QdrantIndexes, type QdrantOptions } from './qdrant/qdrant-indexes';
export type { IndexedVector, VectorIndex, VectorIndexes, VectorMatch, VectorQuery } from './vector-index';
