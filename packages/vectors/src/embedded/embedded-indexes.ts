import { availableParallelism } from 'node:os';
import type { VectorIndex, VectorIndexes } from '../vector-index';
import { DEFAULT_DIMENSIONS } from '../vector-length';
import { EmbeddedIndex } from './embedded-index';
import { ShardClient } from './shard-client';

const MAX_DEFAULT_THREADS = 4;

export interface EmbeddedOptions {
  /** Threads of each index: as many as there are processor cores, 4 at most, unless given. */
  readonly threads?: number;
  /** Numbers of a vector, a multiple of 8; 512 unless given. */
  readonly dimensions?: number;
}

/** Indexes in this process's memory. Nothing of them is on disk: they have to be filled at every start. */
export class EmbeddedIndexes implements VectorIndexes {
  readonly durable = false;
  private readonly indexes = new Map<string, EmbeddedIndex>();

  constructor(private readonly options: EmbeddedOptions = {}) {}

  async open(modelVersion: string): Promise<VectorIndex> {
    const open = this.indexes.get(modelVersion);
    const index = open?.alive === true ? open : this.start();
    this.indexes.set(modelVersion, index);
    // The first answer tells that the threads run.
    await index.count();
    return index;
  }

  async drop(modelVersion: string): Promise<void> {
    const index = this.indexes.get(modelVersion);
    this.indexes.delete(modelVersion);
    await index?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.indexes.keys()].map((modelVersion) => this.drop(modelVersion)));
  }

  private start(): EmbeddedIndex {
    const {
      threads = Math.min(availableParallelism(), MAX_DEFAULT_THREADS),
      dimensions = DEFAULT_DIMENSIONS,
    } = this.options;
    const shards = Array.from({ length: threads }, () => new ShardClient({ dimensions }));
    return new EmbeddedIndex(shards, dimensions);
  }
}
