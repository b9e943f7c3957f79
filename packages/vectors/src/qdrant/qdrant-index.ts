import { MienError } from '@mien/errors';
import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import type { IndexedVector, VectorIndex, VectorMatch, VectorQuery } from '../vector-index';
import { requireLength } from '../vector-length';
import { GROUPS_FIELD, PERSON_FIELD } from './collection';
import { asking } from './qdrant-errors';

/** A face is about 10 kB of JSON, and Qdrant takes requests up to 32 MB. */
const UPSERT_AT_ONCE = 256;
const REMOVE_AT_ONCE = 1_000;
const SEARCH_AT_ONCE = 64;
const FACE_IDS_AT_ONCE = 10_000;

/** Whoever changes a face must know that later searches see it: waited for, and in the order in which changes came. */
const APPLIED = { wait: true, ordering: 'strong' } as const;

/**
 * Twice as many as wanted are found by their int8 vectors and scored again with the full ones; the graph is searched
 * wider than Qdrant does by default (100 at least), for the last per cent of recall.
 */
const THOROUGH: Schemas['SearchParams'] = { hnsw_ef: 256, quantization: { rescore: true, oversampling: 2 } };

/** The faces of one model version in a Qdrant collection: points with the face's id, person and groups. */
export class QdrantIndex implements VectorIndex {
  private closed = false;

  constructor(
    private readonly client: QdrantClient,
    private readonly collection: string,
    private readonly dimensions: number,
  ) {}

  async upsert(entries: readonly IndexedVector[]): Promise<void> {
    for (const { vector } of entries) {
      requireLength(vector, this.dimensions);
    }
    const last = [...new Map(entries.map((entry) => [entry.faceId, entry])).values()];
    for (const batch of batches(last, UPSERT_AT_ONCE)) {
      await this.ask(() => this.client.upsert(this.collection, { ...APPLIED, points: batch.map(pointOf) }));
    }
  }

  async remove(faceIds: readonly string[]): Promise<void> {
    for (const points of batches(faceIds, REMOVE_AT_ONCE)) {
      await this.ask(() => this.client.delete(this.collection, { ...APPLIED, points }));
    }
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
    if (query.groupIds?.length === 0) {
      return probes.map(() => []);
    }
    const matches: VectorMatch[][] = [];
    for (const batch of batches(probes, SEARCH_AT_ONCE)) {
      const searches = batch.map((probe) => requestOf(probe, query));
      const answers = await this.ask(() => this.client.queryBatch(this.collection, { searches }));
      matches.push(...answers.map(({ points }) => points.map(matchOf)));
    }
    return matches;
  }

  async count(): Promise<number> {
    return (await this.ask(() => this.client.count(this.collection, { exact: true }))).count;
  }

  async *faceIds(): AsyncIterable<readonly string[]> {
    let offset: string | undefined;
    do {
      const page = await this.ask(() => this.page(offset));
      if (page.points.length > 0) {
        yield page.points.map(({ id }) => String(id));
      }
      offset = typeof page.next_page_offset === 'string' ? page.next_page_offset : undefined;
    } while (offset !== undefined);
  }

  async healthy(): Promise<boolean> {
    try {
      return (await this.ask(() => this.client.collectionExists(this.collection))).exists;
    } catch {
      return false;
    }
  }

  /** What it holds stays in Qdrant. */
  async close(): Promise<void> {
    this.closed = true;
  }

  private page(offset: string | undefined): Promise<Schemas['ScrollResult']> {
    return this.client.scroll(this.collection, {
      limit: FACE_IDS_AT_ONCE,
      with_payload: false,
      with_vector: false,
      ...(offset === undefined ? {} : { offset }),
    });
  }

  private async ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.closed) {
      throw new MienError('VECTOR_INDEX_UNAVAILABLE', 'the vector index was closed');
    }
    return asking(call);
  }
}

function pointOf({ faceId, personId, groupIds, vector }: IndexedVector): Schemas['PointStruct'] {
  return {
    id: faceId,
    vector: Array.from(vector),
    payload: { [PERSON_FIELD]: personId, [GROUPS_FIELD]: groupIds },
  };
}

function requestOf(probe: Float32Array, { count, groupIds }: VectorQuery): Schemas['QueryRequest'] {
  return {
    query: Array.from(probe),
    limit: count,
    params: THOROUGH,
    with_payload: [PERSON_FIELD],
    with_vector: false,
    ...(groupIds === undefined
      ? {}
      : { filter: { must: [{ key: GROUPS_FIELD, match: { any: [...groupIds] } }] } }),
  };
}

function matchOf({ id, score, payload }: Schemas['ScoredPoint']): VectorMatch {
  return { faceId: String(id), personId: String(payload?.[PERSON_FIELD]), cosine: score };
}

function* batches<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let first = 0; first < items.length; first += size) {
    yield items.slice(first, first + size);
  }
}
