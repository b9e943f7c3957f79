/** Runs in a worker thread: one task, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { clusterFaces } from './cluster-faces';
import type { ClusteringTask } from './cluster-in-thread';

const { vectors, leastMean } = workerData as ClusteringTask;
parentPort?.postMessage(clusterFaces(vectors, leastMean));
