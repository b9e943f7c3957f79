import type { Measurements } from '../measurements/measurements';
import type { LibraryPlan } from './library-plan';
import type { Workload } from './workload';

/** Room that an installation needs beside its pods, in MB. */
export interface StoragePlan {
  /** Of each NATS server: photos that wait, all of their faces with their crops. */
  readonly natsMb: number;
  readonly objectStoreMb: number;
  readonly databaseMb: number;
  readonly indexMb: number;
  readonly indexMemoryMb: number;
}

/**
 * What a face has on the line at most, raw RGB: a context crop of 384 x 384, the liveness model's crop of 80 x 80 and
 * the aligned face of 112 x 112 (docs/decisions/0003).
 */
const LINE_BYTES_PER_FACE = 3 * (384 ** 2 + 80 ** 2 + 112 ** 2);
const MB = 1e6;

export function planStorage(
  workload: Workload,
  library: LibraryPlan,
  measurements: Measurements,
): StoragePlan {
  const { facesPerPhoto, megapixels, libraryFaces } = workload;
  const waiting = workload.photosPerSecond * workload.backlogSeconds;
  const photos = waiting * megapixels * measurements.photoBytesPerMegapixel;
  return {
    natsMb: (waiting * facesPerPhoto * LINE_BYTES_PER_FACE) / MB,
    objectStoreMb: (photos + libraryFaces * measurements.cropBytesPerFace) / MB,
    databaseMb: (libraryFaces * measurements.databaseBytesPerFace) / MB,
    indexMb: library.indexDiskMb,
    indexMemoryMb: library.indexMemoryMb,
  };
}
