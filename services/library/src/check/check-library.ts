import type { OpenLibrary } from '../open-library';
import { type BlobReport, checkBlobs } from './check-blobs';
import { checkIndex, type IndexRepair, type IndexReport } from './check-index';
import type { Damage } from './damage';

/** What database, index and object store say of each other. */
export interface LibraryReport extends IndexReport, BlobReport {
  /** Whether all but lost blobs was put right. */
  readonly repaired: boolean;
}

/**
 * Compares the three stores, and makes index and object store what the database says when that is asked for. Blobs
 * that are lost stay lost: their faces can be searched, but not embedded anew.
 */
export async function checkLibrary(library: OpenLibrary, how: IndexRepair): Promise<LibraryReport> {
  let sum: IndexReport = {
    templates: 0,
    vectors: 0,
    facesWithoutVector: { count: 0, examples: [] },
    vectorsWithoutFace: { count: 0, examples: [] },
  };
  for (const modelVersion of (await library.indexes.all()).keys()) {
    const one = await checkIndex(modelVersion, library, how);
    sum = {
      templates: sum.templates + one.templates,
      vectors: sum.vectors + one.vectors,
      facesWithoutVector: together(sum.facesWithoutVector, one.facesWithoutVector),
      vectorsWithoutFace: together(sum.vectorsWithoutFace, one.vectorsWithoutFace),
    };
  }
  return { ...sum, ...(await checkBlobs(library, how)), repaired: how.repair };
}

function together(a: Damage, b: Damage): Damage {
  return { count: a.count + b.count, examples: [...a.examples, ...b.examples] };
}
