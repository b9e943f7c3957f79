/** Rows are numbered below 2^22, scores are int32: both fit into the 53 bits of a float64 that count whole numbers. */
const ROWS = 2 ** 22;
const LEAST_ROOM = 1_024;

export interface ScoredRow {
  readonly row: number;
  readonly score: number;
}

/**
 * The rows with the highest scores out of a stream of them. Takes in more than are wanted, and throws the lowest away
 * when there is no room: from then on a row has to be better than all that were kept, and few are.
 */
export class BestRows {
  /** A row below it does not count: whoever has the scores may pass over it. */
  threshold = -(2 ** 31);
  /** Score and row in one number, so that sorting them needs no comparing function. */
  private readonly keys: Float64Array;
  private held = 0;

  constructor(private readonly wanted: number) {
    this.keys = new Float64Array(Math.max(2 * wanted, LEAST_ROOM));
  }

  add(row: number, score: number): void {
    if (this.held === this.keys.length) {
      this.keepBest();
    }
    if (score >= this.threshold) {
      this.keys[this.held] = score * ROWS + row;
      this.held += 1;
    }
  }

  /** The best, highest score first. */
  best(): ScoredRow[] {
    return Array.from(this.keepBest().sort().reverse(), (key) => {
      const score = Math.floor(key / ROWS);
      return { row: key - score * ROWS, score };
    });
  }

  /** The best, in no order. */
  rows(): Int32Array {
    const keys = this.keepBest();
    const rows = new Int32Array(keys.length);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? 0;
      rows[index] = key - Math.floor(key / ROWS) * ROWS;
    }
    return rows;
  }

  private keepBest(): Float64Array {
    if (this.held > this.wanted) {
      highestFirst(this.keys.subarray(0, this.held), this.wanted);
      this.held = this.wanted;
      this.threshold = Math.floor((this.keys[this.wanted - 1] ?? 0) / ROWS) + 1;
    }
    return this.keys.subarray(0, this.held);
  }
}

/**
 * Brings the so many highest keys to the front, the lowest of them last. Quickselect: Hoare, "Algorithm 65: find",
 * Communications of the ACM 4 (1961).
 */
function highestFirst(keys: Float64Array, wanted: number): void {
  const target = wanted - 1;
  let left = 0;
  let right = keys.length - 1;
  while (left < right) {
    const pivot = keys[(left + right) >> 1] ?? 0;
    let [i, j] = [left, right];
    while (i <= j) {
      while ((keys[i] ?? 0) > pivot) i += 1;
      while ((keys[j] ?? 0) < pivot) j -= 1;
      if (i <= j) {
        const key = keys[i] ?? 0;
        keys[i] = keys[j] ?? 0;
        keys[j] = key;
        i += 1;
        j -= 1;
      }
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else return;
  }
}
