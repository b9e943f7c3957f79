/** Rows that were marked, where all marks can be taken away at once. */
export class RowMarks {
  private marks = new Uint32Array(1_024);
  private round = 1;

  mark(row: number): void {
    if (row >= this.marks.length) {
      const larger = new Uint32Array(Math.max(row + 1, 2 * this.marks.length));
      larger.set(this.marks);
      this.marks = larger;
    }
    this.marks[row] = this.round;
  }

  unmark(row: number): void {
    this.marks[row] = 0;
  }

  has(row: number): boolean {
    return this.marks[row] === this.round;
  }

  clear(): void {
    this.round += 1;
    if (this.round === 2 ** 32 - 1) {
      this.marks.fill(0);
      this.round = 1;
    }
  }
}

/** Rows in a list that grows; each one once, as its user sees to. */
export class RowList {
  private rows = new Int32Array(8);
  private length = 0;

  get size(): number {
    return this.length;
  }

  /** The rows as they are now. */
  get all(): Int32Array {
    return this.rows.subarray(0, this.length);
  }

  add(row: number): void {
    if (this.length === this.rows.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows[this.length] = row;
    this.length += 1;
  }

  /** Takes the last one away and returns it. */
  pop(): number | undefined {
    if (this.length === 0) {
      return undefined;
    }
    this.length -= 1;
    return this.rows[this.length];
  }

  removeMarked(marks: RowMarks): void {
    let kept = 0;
    for (const row of this.all) {
      if (!marks.has(row)) {
        this.rows[kept] = row;
        kept += 1;
      }
    }
    this.length = kept;
  }
}
