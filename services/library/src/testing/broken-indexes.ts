import { MienError } from '@mien/errors';
import type { VectorIndex, VectorIndexes } from '@mien/vectors';

/** Real indexes that refuse to be written to while a test says so, as a server that went away does. */
export class BreakableIndexes implements VectorIndexes {
  broken = false;
  /** Nothing answers any more, until the index is dropped and made anew. */
  dead = false;
  /** Writes that were refused. */
  refusals = 0;
  /** Called before faces are written, which waits for it. */
  beforeUpsert: () => Promise<void> = async () => undefined;
  private onRefusal: () => void = () => undefined;

  constructor(private readonly inner: VectorIndexes) {}

  get durable(): boolean {
    return this.inner.durable;
  }

  /** Resolves when a write is refused. */
  refused(): Promise<void> {
    return new Promise((resolve) => {
      this.onRefusal = resolve;
    });
  }

  async open(modelVersion: string): Promise<VectorIndex> {
    const index = await this.inner.open(modelVersion);
    return {
      upsert: async (entries) => {
        await this.beforeUpsert();
        await this.unlessBroken(() => index.upsert(entries));
      },
      remove: (faceIds) => this.unlessBroken(() => index.remove(faceIds)),
      search: (probe, query) => this.unlessDead(() => index.search(probe, query)),
      searchMany: (probes, query) => this.unlessDead(() => index.searchMany(probes, query)),
      count: () => index.count(),
      faceIds: () => index.faceIds(),
      healthy: async () => !this.dead && (await index.healthy()),
      close: () => index.close(),
    };
  }

  drop(modelVersion: string): Promise<void> {
    this.dead = false;
    return this.inner.drop(modelVersion);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async unlessBroken(work: () => Promise<void>): Promise<void> {
    if (this.broken) {
      this.refusals += 1;
      this.onRefusal();
      throw new MienError('VECTOR_INDEX_UNAVAILABLE', 'the index is away');
    }
    return this.unlessDead(work);
  }

  private async unlessDead<T>(work: () => Promise<T>): Promise<T> {
    if (this.dead) {
      throw new MienError('VECTOR_INDEX_UNAVAILABLE', 'the index is dead');
    }
    return work();
  }
}
