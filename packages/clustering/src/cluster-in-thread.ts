import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { MienError } from '@mien/errors';
import type { Cluster } from './cluster-faces';
import type { FaceVectors } from './face-vectors';

/** The built file, from the source folder as from the built one: a worker thread runs JavaScript only. */
const THREAD_FILE = join(__dirname, '..', 'dist', 'clustering-thread.js');

export interface ClusteringTask {
  readonly vectors: FaceVectors;
  readonly leastMean: number;
}

/**
 * clusterFaces in a thread of its own, which ends with the answer: this thread's event loop goes on meanwhile. The
 * vectors move to the thread and are empty here afterwards. Throws the signal's reason as soon as it aborts, and
 * INTERNAL when the thread fails.
 */
export async function clusterInThread(
  vectors: FaceVectors,
  leastMean: number,
  signal: AbortSignal,
): Promise<readonly Cluster[]> {
  signal.throwIfAborted();
  const workerData: ClusteringTask = { vectors, leastMean };
  const worker = new Worker(THREAD_FILE, { workerData, transferList: [vectors.values.buffer] });
  try {
    return await answerOf(worker, signal);
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker, signal: AbortSignal): Promise<readonly Cluster[]> {
  return new Promise((resolve, reject) => {
    const failed = (cause?: unknown) =>
      reject(new MienError('INTERNAL', 'the clustering thread failed', { cause }));
    worker.once('message', resolve);
    worker.once('error', failed);
    worker.once('exit', () => failed());
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
