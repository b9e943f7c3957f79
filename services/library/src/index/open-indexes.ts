import type { IndexedTemplate, PeopleStore } from '@mien/people';
import type { VectorIndex, VectorIndexes } from '@mien/vectors';
import type { Logger } from 'pino';
import { bringUpToDate } from './apply-changes';
import { unitVector } from './similarity';

const BATCH = 1_000;
const LOGGED_EACH_MS = 5_000;

/**
 * The vector indexes of the model versions in use, each opened once. One that is empty when it is opened, because it
 * does not outlive its process or because it is new, is filled from the database first: who gets it gets it whole.
 */
export class OpenIndexes {
  private readonly opened = new Map<string, Promise<VectorIndex>>();

  constructor(
    private readonly indexes: VectorIndexes,
    private readonly people: PeopleStore,
    private readonly logger: Logger,
  ) {}

  of(modelVersion: string): Promise<VectorIndex> {
    const known = this.opened.get(modelVersion);
    if (known !== undefined) {
      return known;
    }
    const index = this.open(modelVersion);
    this.opened.set(modelVersion, index);
    // One that did not open is tried again by who needs it next.
    index.catch(() => this.opened.delete(modelVersion));
    return index;
  }

  /** Those that were opened, by model version. */
  async all(): Promise<ReadonlyMap<string, VectorIndex>> {
    const entries = [...this.opened].map(async ([version, index]) => [version, await index] as const);
    return new Map(await Promise.all(entries));
  }

  /** Whether all that were opened answer. Never throws. */
  async healthy(): Promise<boolean> {
    try {
      const indexes = [...(await this.all()).values()];
      return (await Promise.all(indexes.map((index) => index.healthy()))).every(Boolean);
    } catch {
      return false;
    }
  }

  /** Makes indexes that are gone for good, their threads dead, anew from the database. Others come back by themselves. */
  async renewDead(): Promise<void> {
    if (this.indexes.durable) {
      return;
    }
    for (const [modelVersion, index] of await this.all()) {
      if (!(await index.healthy())) {
        this.logger.error({ modelVersion }, 'the vector index failed and is loaded anew');
        this.opened.delete(modelVersion);
        await this.indexes.drop(modelVersion);
        await this.of(modelVersion);
      }
    }
  }

  close(): Promise<void> {
    return this.indexes.close();
  }

  private async open(modelVersion: string): Promise<VectorIndex> {
    const index = await this.indexes.open(modelVersion);
    if ((await index.count()) > 0) {
      return index;
    }
    try {
      await this.fill(index, modelVersion);
    } catch (error) {
      if (!this.indexes.durable) {
        // Half an index must not be taken for a whole one. What lies in a server may be others' work, too.
        await this.indexes.drop(modelVersion);
      }
      throw error;
    }
    return index;
  }

  private async fill(index: VectorIndex, modelVersion: string): Promise<void> {
    const started = performance.now();
    let logged = started;
    let faces = 0;
    for await (const batch of this.people.streamTemplates(modelVersion, BATCH)) {
      await this.write(batch, index, modelVersion);
      faces += batch.length;
      if (performance.now() - logged > LOGGED_EACH_MS) {
        logged = performance.now();
        this.logger.info({ modelVersion, faces }, 'loading the vector index');
      }
    }
    const seconds = Number(((performance.now() - started) / 1_000).toFixed(3));
    this.logger.info({ modelVersion, faces, seconds }, 'the vector index is loaded');
  }

  /** An index of this process alone is written to by nobody else before it is filled; another may be, by others. */
  private async write(
    batch: readonly IndexedTemplate[],
    index: VectorIndex,
    modelVersion: string,
  ): Promise<void> {
    if (!this.indexes.durable) {
      await index.upsert(batch.map((template) => ({ ...template, vector: unitVector(template.vector) })));
      return;
    }
    const indexes = { of: async () => index, all: async () => new Map([[modelVersion, index]]) };
    const faceIds = batch.map(({ faceId }) => faceId);
    await bringUpToDate(
      { faceIds, personIds: [], modelVersion },
      { people: this.people, indexes, shared: true },
    );
  }
}
