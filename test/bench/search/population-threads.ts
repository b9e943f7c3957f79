import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { merged, type Neighbours } from './exact-search';
import { DIMENSIONS } from './population';

export interface PopulationThreadData {
  /** Persons who are searched for. */
  readonly identities: readonly number[];
  /** Shared by all threads. */
  readonly vectors: Float32Array;
}

/** Makes faces, from one on, and puts their vectors at a place of the shared ones. */
export interface PopulationOrder {
  readonly firstFace: number;
  readonly count: number;
  readonly at: number;
  /** Whether the nearest neighbours among them count. */
  readonly search: boolean;
}

export interface PopulationReply {
  /** Of all faces that the thread has searched. */
  readonly nearest: readonly Neighbours[];
}

/** Makes faces chunk by chunk on all processor cores, and knows the exact neighbours of the probes among them. */
export class PopulationThreads {
  readonly vectors: Float32Array;
  private readonly workers: readonly Worker[];
  private nearestOfThreads: (readonly Neighbours[])[] = [];

  constructor(
    identities: readonly number[],
    /** Faces of a chunk. */
    readonly size: number,
  ) {
    this.vectors = new Float32Array(new SharedArrayBuffer(size * DIMENSIONS * 4));
    const workerData: PopulationThreadData = { identities, vectors: this.vectors };
    this.workers = Array.from(
      { length: availableParallelism() },
      () => new Worker(join(__dirname, 'population-thread.js'), { workerData }),
    );
  }

  /** Bytes of the shared vectors. */
  get bytes(): number {
    return this.vectors.byteLength;
  }

  /** Fills `vectors` with a chunk of faces from this one on. */
  async make(firstFace: number, search: boolean): Promise<void> {
    const share = Math.ceil(this.size / this.workers.length);
    const replies = this.workers.map(async (worker, index): Promise<PopulationReply> => {
      const at = index * share;
      const count = Math.min(share, this.size - at);
      const order: PopulationOrder = { firstFace: firstFace + at, count, at, search };
      worker.postMessage(order);
      const [reply] = await once(worker, 'message');
      return reply;
    });
    this.nearestOfThreads = (await Promise.all(replies)).map(({ nearest }) => nearest);
  }

  vector(at: number): Float32Array {
    return this.vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS);
  }

  /** The exact neighbours of every probe. */
  get nearest(): readonly Neighbours[] {
    const [first = [], ...others] = this.nearestOfThreads;
    return others.reduce(merged, first);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
