import { MienError } from '@mien/errors';
import type { BestRows } from './best-rows';
import { type DotKernel, type RowWidth, startKernel } from './dot-kernel';

/** Rows scored between two looks at the threshold. As coarse rows they are 256 KiB and stay in the cache. */
const BLOCK_ROWS = 2_048;
/** The kernel takes four rows at once. */
const ROWS_AT_ONCE = 4;
/** Where things lie in the memory, in bytes: the query, 0, 1, 2..., a list of rows, what was found, the rows. */
const RANGE_AT = 8_192;
const LIST_AT = RANGE_AT + BLOCK_ROWS * 4;
const FOUND_AT = LIST_AT + BLOCK_ROWS * 4;
const ROWS_AT = 65_536;
const PAGE_BYTES = 65_536;
const GROWTH_PAGES = 64;
const LOWEST = -(2 ** 31);

/** The rows that a search looks at: those listed, each once, or all; `accepts` may turn some down. */
export interface RowSelection {
  readonly rows?: Int32Array;
  accepts(row: number): boolean;
}

/** Rows of equal length, of int8 or int16 numbers, that a WebAssembly kernel multiplies with queries. */
export class RowMemory {
  private readonly kernel: DotKernel;
  private readonly numberBytes: number;
  private query = new Int16Array();
  private list = new Int32Array();
  private found = new Int32Array();
  private numbers: Int8Array | Int16Array = new Int8Array();

  /** `dimensions`: numbers of a row, a multiple of 8 and at most 4,096. */
  constructor(
    width: RowWidth,
    readonly dimensions: number,
  ) {
    this.kernel = startKernel(width);
    this.numberBytes = width === 'int8' ? 1 : 2;
    this.viewMemory();
    new Int32Array(this.kernel.memory.buffer, RANGE_AT, BLOCK_ROWS).forEach((_, index, range) => {
      range[index] = index;
    });
  }

  /** Makes room for so many rows. Throws LIMIT_REACHED when there is none. */
  reserve(rows: number): void {
    const bytes = ROWS_AT + (rows + ROWS_AT_ONCE) * this.rowBytes;
    const missing = Math.ceil((bytes - this.kernel.memory.buffer.byteLength) / PAGE_BYTES);
    if (missing <= 0) {
      return;
    }
    try {
      this.kernel.memory.grow(Math.max(missing, GROWTH_PAGES));
    } catch (cause) {
      throw new MienError('LIMIT_REACHED', 'the embedded vector index holds as many faces as it can', {
        cause,
        metadata: { limit: 'faces' },
      });
    }
    this.viewMemory();
  }

  /** Writes a row that there is room for. */
  set(row: number, values: ArrayLike<number>): void {
    this.numbers.set(values, row * this.dimensions);
  }

  get(row: number): Int8Array | Int16Array {
    return this.numbers.subarray(row * this.dimensions, (row + 1) * this.dimensions);
  }

  /** The dot products of the query with the first `count` rows. */
  dots(query: Int16Array, count: number): Int32Array {
    const dots = new Int32Array(count);
    this.query.set(query);
    for (let first = 0; first < count; first += BLOCK_ROWS) {
      const size = Math.min(BLOCK_ROWS, count - first);
      this.eachFound(this.scoreRange(first, size, LOWEST), size, (position, dot) => {
        dots[first + position] = dot;
      });
    }
    return dots;
  }

  /**
   * Offers the selected ones of the first `end` rows to best[i], with their dot products with queries[i]. Each block of
   * rows meets all queries while it is in the processor's cache.
   */
  search(
    queries: readonly Int16Array[],
    best: readonly BestRows[],
    selection: RowSelection,
    end: number,
  ): void {
    const { rows } = selection;
    const count = rows?.length ?? end;
    for (let first = 0; first < count; first += BLOCK_ROWS) {
      const size = Math.min(BLOCK_ROWS, count - first);
      const block = rows?.subarray(first, first + size);
      if (block !== undefined) {
        this.putList(block);
      }
      best.forEach((into, index) => {
        this.query.set(queries[index] ?? []);
        const kept =
          block === undefined
            ? this.scoreRange(first, size, into.threshold)
            : this.scoreList(size, into.threshold);
        this.eachFound(kept, size, (position, dot) => {
          const row = block === undefined ? first + position : (block[position] ?? 0);
          if (selection.accepts(row)) {
            into.add(row, dot);
          }
        });
      });
    }
  }

  private get rowBytes(): number {
    return this.dimensions * this.numberBytes;
  }

  private putList(rows: Int32Array): void {
    this.list.set(rows);
    this.list.fill(rows[0] ?? 0, rows.length, roundedUp(rows.length));
  }

  private scoreRange(first: number, count: number, threshold: number): number {
    return this.score(ROWS_AT + first * this.rowBytes, RANGE_AT, count, threshold);
  }

  private scoreList(count: number, threshold: number): number {
    return this.score(ROWS_AT, LIST_AT, count, threshold);
  }

  private score(rows: number, list: number, count: number, threshold: number): number {
    return this.kernel.score(0, rows, this.rowBytes, list, roundedUp(count), threshold, FOUND_AT);
  }

  /** What the kernel found, less the rows by which their number was rounded up. */
  private eachFound(kept: number, count: number, visit: (position: number, dot: number) => void): void {
    for (let at = 0; at < 2 * kept; at += 2) {
      const position = this.found[at] ?? 0;
      if (position < count) {
        visit(position, this.found[at + 1] ?? 0);
      }
    }
  }

  private viewMemory(): void {
    const { buffer } = this.kernel.memory;
    this.query = new Int16Array(buffer, 0, this.dimensions);
    this.list = new Int32Array(buffer, LIST_AT, BLOCK_ROWS);
    this.found = new Int32Array(buffer, FOUND_AT, 2 * BLOCK_ROWS);
    this.numbers = this.numberBytes === 1 ? new Int8Array(buffer, ROWS_AT) : new Int16Array(buffer, ROWS_AT);
  }
}

function roundedUp(count: number): number {
  return Math.ceil(count / ROWS_AT_ONCE) * ROWS_AT_ONCE;
}
