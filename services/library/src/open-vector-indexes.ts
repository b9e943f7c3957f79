import type { LibraryConfig } from './config';
import type { VectorIndexes } from './index/vector-index';
import { exactIndexes } from './testing/exact-index';

export async function openVectorIndexes(_config: LibraryConfig, _folder: string): Promise<VectorIndexes> {
  return exactIndexes();
}
