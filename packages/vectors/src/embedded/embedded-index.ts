import type { IndexedVector, VectorIndex, VectorMatch, VectorQuery } from '../vector-index';
import { requireLength } from '../vector-length';
import type { Face } from './face-table';
import type { FaceIdBatch } from './shard';
import type { ShardClient } from './shard-client';

/** Faces put into a shard at once: a search that comes meanwhile waits for about a millisecond. */
const UPSERT_AT_ONCE = 64;
/** Rows times probes that a shard searches at once: about 20 milliseconds. */
const SEARCH_AT_ONCE = 3_000_000;
const MAX_PROBES_AT_ONCE = 64;

/** Faces in memory, spread over shards in threads of their own, so that this one's event loop never waits for a search. */
export class EmbeddedIndex implements VectorIndex {
  /** Rows of the largest shard, as far as known. */
  private rows = 0;

  constructor(
    private readonly shards: readonly ShardClient[],
    private readonly dimensions: number,
  ) {}

  async upsert(entries: readonly IndexedVector[]): Promise<void> {
    for (const { vector } of entries) {
      requireLength(vector, this.dimensions);
    }
    const last = new Map(entries.map((entry) => [entry.faceId, entry]));
    await this.onShards([...last.keys()], async (shard, faceIds) => {
      for (const ids of slices(faceIds, UPSERT_AT_ONCE)) {
        await this.upsertSlice(
          shard,
          ids.flatMap((id) => last.get(id) ?? []),
        );
      }
    });
  }

  async remove(faceIds: readonly string[]): Promise<void> {
    await this.onShards(faceIds, (shard, ids) => shard.call('remove', [ids]));
  }

  async search(probe: Float32Array, query: VectorQuery): Promise<readonly VectorMatch[]> {
    const [matches = []] = await this.searchMany([probe], query);
    return matches;
  }

  async searchMany(
    probes: readonly Float32Array[],
    query: VectorQuery,
  ): Promise<readonly (readonly VectorMatch[])[]> {
    for (const probe of probes) {
      requireLength(probe, this.dimensions);
    }
    const matches: VectorMatch[][] = [];
    for (let first = 0; first < probes.length; ) {
      const slice = probes.slice(first, first + this.probesAtOnce());
      matches.push(...(await this.searchSlice(slice, query)));
      first += slice.length;
    }
    return matches;
  }

  async count(): Promise<number> {
    const counts = await Promise.all(this.shards.map((shard) => shard.call('count', [])));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async *faceIds(): AsyncIterable<readonly string[]> {
    for (const shard of this.shards) {
      yield* faceIdsOf(shard);
    }
  }

  /** Whether all threads run. */
  get alive(): boolean {
    return this.shards.every((shard) => shard.alive);
  }

  async healthy(): Promise<boolean> {
    return this.alive;
  }

  async close(): Promise<void> {
    await Promise.all(this.shards.map((shard) => shard.close()));
  }

  private async upsertSlice(shard: ShardClient, entries: readonly IndexedVector[]): Promise<void> {
    const faces: Face[] = entries.map(({ faceId, personId, groupIds }) => ({ faceId, personId, groupIds }));
    const vectors = joined(
      entries.map((entry) => entry.vector),
      this.dimensions,
    );
    const rows = await shard.call('upsert', [faces, vectors], [vectors.buffer]);
    this.rows = Math.max(this.rows, rows);
  }

  private async searchSlice(probes: readonly Float32Array[], query: VectorQuery): Promise<VectorMatch[][]> {
    const all = joined(probes, this.dimensions);
    const parts = await Promise.all(
      this.shards.map((shard) => shard.call('search', [all, query.count, query.groupIds])),
    );
    return probes.map((_, index) =>
      parts
        .flatMap((part) => part[index] ?? [])
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, query.count),
    );
  }

  private probesAtOnce(): number {
    const fitting = Math.floor(SEARCH_AT_ONCE / Math.max(1, this.rows));
    return Math.min(MAX_PROBES_AT_ONCE, Math.max(1, fitting));
  }

  private async onShards(
    faceIds: readonly string[],
    work: (shard: ShardClient, ids: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const byShard = this.shards.map(() => [] as string[]);
    for (const faceId of faceIds) {
      byShard[this.shardOf(faceId)]?.push(faceId);
    }
    await Promise.all(
      this.shards.map(async (shard, index) => {
        const ids = byShard[index] ?? [];
        if (ids.length > 0) {
          await work(shard, ids);
        }
      }),
    );
  }

  /** The last digits of a UUID are evenly spread in versions 4, 5 and 7. */
  private shardOf(faceId: string): number {
    return (Number.parseInt(faceId.slice(-8), 16) || 0) % this.shards.length;
  }
}

function joined(vectors: readonly Float32Array[], dimensions: number): Float32Array<ArrayBuffer> {
  const all = new Float32Array(vectors.length * dimensions);
  for (const [index, vector] of vectors.entries()) {
    all.set(vector, index * dimensions);
  }
  return all;
}

function* slices<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += size) {
    yield items.slice(first, first + size);
  }
}

async function* faceIdsOf(shard: ShardClient): AsyncIterable<readonly string[]> {
  let from: number | undefined = 0;
  while (from !== undefined) {
    const batch: FaceIdBatch = await shard.call('faceIds', [from]);
    if (batch.ids.length > 0) {
      yield batch.ids;
    }
    from = batch.next;
  }
}
