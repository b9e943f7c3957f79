/** Runs in a worker thread: makes faces and finds the nearest of them, exactly. */
import { parentPort, workerData } from 'node:worker_threads';
import { ExactSearch } from './exact-search';
import { DIMENSIONS, vectorOf } from './population';
import type { PopulationOrder, PopulationReply, PopulationThreadData } from './population-threads';

const { identities, vectors } = workerData as PopulationThreadData;
const exact = new ExactSearch(identities);

parentPort?.on('message', ({ firstFace, count, at, search }: PopulationOrder) => {
  const part = vectors.subarray(at * DIMENSIONS, (at + count) * DIMENSIONS);
  for (let index = 0; index < count; index++) {
    part.set(vectorOf(firstFace + index), index * DIMENSIONS);
  }
  if (search) {
    exact.add(firstFace, count, part);
  }
  const reply: PopulationReply = { nearest: exact.nearest };
  parentPort?.postMessage(reply);
});
