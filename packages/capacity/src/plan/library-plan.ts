import type { Measurements } from '../measurements/measurements';
import { CHART_PODS } from './pods';
import type { ServiceLoad } from './service-load';
import type { Workload } from './workload';

/** Where faces are searched, and what that takes. */
export interface LibraryPlan {
  readonly index: 'embedded' | 'qdrant';
  readonly why: string;
  /** What the index holds in memory: inside the library's process, or in Qdrant, all copies together. */
  readonly indexMemoryMb: number;
  /** Of the index on disk, all copies together; 0 for the embedded one. */
  readonly indexDiskMb: number;
  readonly load: ServiceLoad;
}

/**
 * Not measured, but Qdrant's own rule: numbers x bytes x 1.5 (https://qdrant.tech/documentation/guides/capacity-planning/).
 * 512 numbers, one byte each in memory (int8) and four more on disk; every vector twice, so that a node can go.
 */
const QDRANT = { memoryBytesPerFace: 512 * 1.5, diskBytesPerFace: 512 * (1 + 4) * 1.5, copies: 2 } as const;
const MB = 1e6;

/** Inside the library as far as that was measured and one process does it in time, otherwise in Qdrant. */
export function planLibrary(workload: Workload, measurements: Measurements): LibraryPlan {
  const searchesPerSecond = workload.photosPerSecond * workload.searchesPerPhoto;
  const { faces: largest, threads } = largestScan(measurements);
  const searchMs = scanMs(measurements, workload.libraryFaces) + measurements.searchCpuMs;
  const busy = (searchesPerSecond * searchMs) / 1000;
  if (workload.libraryFaces > largest) {
    return inQdrant(workload, measurements, `the embedded index was measured up to ${largest} faces`);
  }
  if (busy > workload.utilisation) {
    const share = `${Math.round(busy * 100)} %`;
    return inQdrant(workload, measurements, `searches would keep one process busy for ${share} of the time`);
  }
  const indexMemoryMb = (workload.libraryFaces * embeddedBytesPerFace(measurements)) / MB;
  return {
    index: 'embedded',
    why: 'one process holds all faces and searches them in time',
    indexMemoryMb,
    indexDiskMb: 0,
    load: {
      service: 'library',
      arrivalsPerSecond: searchesPerSecond,
      cpuMs: searchMs,
      variability: 0,
      // A search has all threads to itself: searches go one after the other, and there is one process of it.
      pod: { cores: threads, minimum: 1, maximum: 1, jobsAtOnce: 1 },
      memoryMb: measurements.peakMemoryMb.library + indexMemoryMb,
    },
  };
}

function inQdrant(workload: Workload, measurements: Measurements, why: string): LibraryPlan {
  const { libraryFaces, photosPerSecond, searchesPerPhoto, coresPerPod } = workload;
  return {
    index: 'qdrant',
    why,
    indexMemoryMb: (libraryFaces * QDRANT.memoryBytesPerFace * QDRANT.copies) / MB,
    indexDiskMb: (libraryFaces * QDRANT.diskBytesPerFace * QDRANT.copies) / MB,
    load: {
      service: 'library',
      arrivalsPerSecond: photosPerSecond * searchesPerPhoto,
      cpuMs: measurements.searchCpuMs,
      variability: 0,
      pod: { ...CHART_PODS.library, cores: coresPerPod ?? CHART_PODS.library.cores },
      memoryMb: measurements.peakMemoryMb.library,
    },
  };
}

function largestScan({ scans }: Measurements) {
  return scans.reduce((largest, scan) => (scan.faces > largest.faces ? scan : largest));
}

/** On the line through the smallest and the largest index that was scanned. */
function scanMs(measurements: Measurements, faces: number): number {
  const large = largestScan(measurements);
  const small = measurements.scans.reduce((least, scan) => (scan.faces < least.faces ? scan : least));
  const perFace = (large.ms - small.ms) / (large.faces - small.faces);
  return Math.max(0, small.ms + (faces - small.faces) * perFace);
}

/** Without taking off what the process needs when it is empty. */
function embeddedBytesPerFace({ indexMemory }: Measurements): number {
  return (indexMemory.mb * MB) / indexMemory.faces;
}
