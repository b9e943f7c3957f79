import { dotProduct } from '../index/similarity';
import type {
  IndexedVector,
  VectorIndex,
  VectorIndexes,
  VectorMatch,
  VectorQuery,
} from '../index/vector-index';

/** A vector index in its simplest form. */
class ExactIndex implements VectorIndex {
  private readonly faces = new Map<string, IndexedVector>();

  async upsert(entries: readonly IndexedVector[]): Promise<void> {
    for (const entry of entries) {
      this.faces.set(entry.faceId, entry);
    }
  }

  async remove(faceIds: readonly string[]): Promise<void> {
    for (const faceId of faceIds) {
      this.faces.delete(faceId);
    }
  }

  async search(probe: Float32Array, { count, groupIds }: VectorQuery): Promise<readonly VectorMatch[]> {
    return [...this.faces.values()]
      .filter((face) => groupIds === undefined || face.groupIds.some((id) => groupIds.includes(id)))
      .map(({ faceId, personId, vector }) => ({ faceId, personId, cosine: dotProduct(probe, vector) }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, count);
  }

  searchMany(probes: readonly Float32Array[], query: VectorQuery) {
    return Promise.all(probes.map((probe) => this.search(probe, query)));
  }

  async count(): Promise<number> {
    return this.faces.size;
  }

  async *faceIds(): AsyncIterable<readonly string[]> {
    yield [...this.faces.keys()];
  }

  async healthy(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}

export function exactIndexes(): VectorIndexes {
  const indexes = new Map<string, ExactIndex>();
  return {
    durable: false,
    open: async (version) => {
      const index = indexes.get(version) ?? new ExactIndex();
      indexes.set(version, index);
      return index;
    },
    drop: async (version) => {
      indexes.delete(version);
    },
    close: async () => {},
  };
}
