export { EmbeddedIndexes, type EmbeddedOptions } from './embedded/embedded-indexes';
export type { IndexedVector, VectorIndex, VectorIndexes, VectorMatch, VectorQuery } from './vector-index';
