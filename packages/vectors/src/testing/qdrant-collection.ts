import type { Schemas } from '@qdrant/js-client-rest';
import type { z } from 'zod';
import type { createCollection, createFieldIndex, Query, StoredPoint, scrollPoints } from './qdrant-shapes';

/** What a Qdrant collection does, by looking at every point. */
export class ExactCollection {
  private readonly points = new Map<string, StoredPoint>();
  private readonly fields = new Map<string, Schemas['PayloadIndexInfo']>();

  constructor(private readonly config: z.infer<typeof createCollection>) {}

  get size(): number {
    return this.config.vectors.size;
  }

  get count(): number {
    return this.points.size;
  }

  /** The parts of Qdrant's answer that a client of ours looks at. */
  info(): Pick<Schemas['CollectionInfo'], 'points_count' | 'payload_schema'> & {
    readonly config: Pick<Schemas['CollectionConfig'], 'params' | 'quantization_config'>;
  } {
    return {
      points_count: this.count,
      payload_schema: Object.fromEntries(this.fields),
      config: {
        params: { vectors: this.config.vectors },
        quantization_config: this.config.quantization_config,
      },
    };
  }

  index({ field_name, field_schema }: z.infer<typeof createFieldIndex>): void {
    this.fields.set(field_name, { data_type: field_schema.type, points: this.count });
  }

  upsert(points: readonly StoredPoint[]): void {
    for (const point of points) {
      this.points.set(point.id, point);
    }
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.points.delete(id);
    }
  }

  query({ query, limit, filter, with_payload }: Query): Schemas['QueryResponse'] {
    const wanted = [...this.points.values()].filter((point) => matches(point, filter));
    const points = wanted.map((point) => ({
      id: point.id,
      version: 0,
      score: cosine(point.vector, query),
      payload: Object.fromEntries(
        Object.entries(point.payload).filter(([key]) => with_payload.includes(key)),
      ),
    }));
    return { points: points.sort((a, b) => b.score - a.score).slice(0, limit) };
  }

  /** Points by ascending id, as Qdrant scrolls. */
  scroll({ limit, offset }: z.infer<typeof scrollPoints>): Schemas['ScrollResult'] {
    const ids = [...this.points.keys()].sort();
    const first = offset === undefined ? 0 : ids.findIndex((id) => id >= offset);
    const next = ids[first + limit];
    return {
      points: ids.slice(first, first + limit).map((id) => ({ id, payload: null })),
      next_page_offset: next ?? null,
    };
  }
}

function matches({ payload }: StoredPoint, filter: Query['filter']): boolean {
  return (filter?.must ?? []).every(({ key, match }) => {
    const values = key === 'groupIds' ? payload.groupIds : key === 'personId' ? [payload.personId] : [];
    return values.some((value) => match.any.includes(value));
  });
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    dot += value * other;
    squaresA += value * value;
    squaresB += other * other;
  }
  return dot / Math.sqrt(squaresA * squaresB);
}
