import type { VectorMatch } from '../vector-index';
import { BestRows } from './best-rows';
import { COARSE_DIMENSIONS, CoarseSpace } from './coarse-space';
import { type Face, FaceTable } from './face-table';
import { GroupSelection } from './group-selection';
import { principalAxes } from './principal-axes';
import { FINE_DOT_OF_ONE, quantiseFine } from './quantise';
import { RowMemory, type RowSelection } from './row-memory';

/** From so many faces on a look at coarse rows first pays; enough, too, to see how faces spread. */
const LEARN_FROM = 16_384;
const LEARN_SAMPLE = 8_192;
/** Rows brought into the coarse space between two pauses. */
const PROJECT_AT_ONCE = 64;
const FACE_IDS_AT_ONCE = 10_000;

/**
 * So many of the best by coarse rows are looked at in full. Of 300,000 synthetic faces none that was among the ten
 * nearest stood lower than 90th by its coarse row.
 */
const CANDIDATES = 256;
const CANDIDATES_PER_MATCH = 2;

interface Coarse {
  readonly space: CoarseSpace;
  readonly rows: RowMemory;
  /** Whether every row is there. */
  ready: boolean;
}

export interface FaceIdBatch {
  readonly ids: readonly string[];
  readonly next?: number;
}

/**
 * A part of the index, in one thread: every face once in full (int16), once coarse (int8, a quarter of the numbers). A
 * search goes through all coarse rows, then through the full ones of those that came out best.
 */
export class Shard {
  private readonly table = new FaceTable();
  private readonly selection = new GroupSelection(this.table);
  private readonly fine: RowMemory;
  private coarse: Coarse | undefined;

  constructor(
    private readonly dimensions: number,
    private readonly learnFrom = LEARN_FROM,
  ) {
    this.fine = new RowMemory('int16', dimensions);
  }

  /** Whether it is time to learn. */
  get shouldLearn(): boolean {
    return (
      this.coarse === undefined && this.table.count >= this.learnFrom && this.dimensions > COARSE_DIMENSIONS
    );
  }

  /** Faces, each once, and their vectors one after the other. Returns how many rows there are now. */
  upsert(faces: readonly Face[], vectors: Float32Array): number {
    this.fine.reserve(this.table.end + faces.length);
    this.coarse?.rows.reserve(this.table.end + faces.length);
    this.table.put(faces).forEach((row, index) => {
      const fine = quantiseFine(vectors.subarray(index * this.dimensions, (index + 1) * this.dimensions));
      this.fine.set(row, fine);
      this.coarse?.rows.set(row, this.coarse.space.row(fine));
    });
    return this.table.end;
  }

  /** Nothing of the vectors stays in memory. */
  remove(faceIds: readonly string[]): void {
    for (const row of this.table.remove(faceIds)) {
      this.fine.get(row).fill(0);
      this.coarse?.rows.get(row).fill(0);
    }
  }

  /** The best matches of each of the probes, which come one after the other. */
  search(probes: Float32Array, count: number, groupIds?: readonly string[]): VectorMatch[][] {
    const fine = Array.from({ length: probes.length / this.dimensions }, (_, index) =>
      quantiseFine(probes.subarray(index * this.dimensions, (index + 1) * this.dimensions)),
    );
    const selection = this.selection.select(groupIds);
    return this.worthWhole(selection, count)
      ? this.searchFine(fine, count, selection)
      : this.candidates(fine, count, selection).flatMap((rows, index) =>
          this.searchFine(fine.slice(index, index + 1), count, { rows, accepts: () => true }),
        );
  }

  count(): number {
    return this.table.count;
  }

  /** Face ids from that row on, and the row to go on from, if there is one. */
  faceIds(from: number): FaceIdBatch {
    const end = Math.min(this.table.end, from + FACE_IDS_AT_ONCE);
    const ids = Array.from(
      { length: Math.max(0, end - from) },
      (_, index) => this.table.at(from + index)?.faceId,
    );
    const there = ids.filter((id) => id !== undefined);
    return end < this.table.end ? { ids: there, next: end } : { ids: there };
  }

  /** Learns from the faces that are there which axes matter, and makes the coarse rows. Searches may come in between. */
  *learn(): Generator<void, void> {
    const axes = yield* principalAxes(this.sample(), COARSE_DIMENSIONS);
    const coarse = {
      space: new CoarseSpace(axes),
      rows: new RowMemory('int8', COARSE_DIMENSIONS),
      ready: false,
    };
    coarse.rows.reserve(this.table.end);
    this.coarse = coarse;
    for (let row = 0; row < this.table.end; row += 1) {
      coarse.rows.set(row, coarse.space.row(Int16Array.from(this.fine.get(row))));
      if (row % PROJECT_AT_ONCE === 0) {
        yield;
      }
    }
    coarse.ready = true;
  }

  private sample(): Int16Array[] {
    const step = Math.max(1, Math.floor(this.table.end / LEARN_SAMPLE));
    const rows = Array.from({ length: Math.floor(this.table.end / step) }, (_, index) => index * step);
    return rows
      .filter((row) => this.table.at(row) !== undefined)
      .map((row) => Int16Array.from(this.fine.get(row)));
  }

  private worthWhole({ rows }: RowSelection, count: number): boolean {
    return this.coarse?.ready !== true || (rows?.length ?? this.table.end) <= candidatesFor(count);
  }

  /** Rows for each of the queries to look at in full. */
  private candidates(fine: readonly Int16Array[], count: number, selection: RowSelection): Int32Array[] {
    const { coarse } = this;
    if (coarse === undefined) {
      return [];
    }
    const best = fine.map(() => new BestRows(candidatesFor(count)));
    coarse.rows.search(
      fine.map((query) => coarse.space.query(query)),
      best,
      selection,
      this.table.end,
    );
    return best.map((rows) => rows.rows());
  }

  private searchFine(
    queries: readonly Int16Array[],
    count: number,
    selection: RowSelection,
  ): VectorMatch[][] {
    const best = queries.map(() => new BestRows(count));
    this.fine.search(queries, best, selection, this.table.end);
    return best.map((rows) =>
      rows.best().flatMap(({ row, score }) => {
        const face = this.table.at(row);
        return face === undefined
          ? []
          : [{ faceId: face.faceId, personId: face.personId, cosine: score / FINE_DOT_OF_ONE }];
      }),
    );
  }
}

function candidatesFor(count: number): number {
  return CANDIDATES + CANDIDATES_PER_MATCH * count;
}
