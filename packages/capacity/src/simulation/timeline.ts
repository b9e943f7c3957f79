interface Happening {
  readonly at: number;
  /** Of what happens at one time, the first that was put in comes first. */
  readonly order: number;
  readonly happen: () => void;
}

/** Simulated time: what is to happen, in order (a binary heap). */
export class Timeline {
  private readonly heap: Happening[] = [];
  private added = 0;
  private time = 0;

  /** Seconds since the beginning. */
  get now(): number {
    return this.time;
  }

  in(seconds: number, happen: () => void): void {
    this.at(this.time + seconds, happen);
  }

  at(seconds: number, happen: () => void): void {
    this.added += 1;
    this.heap.push({ at: seconds, order: this.added, happen });
    this.rise(this.heap.length - 1);
  }

  /** Until nothing comes any more before the time. */
  runUntil(seconds: number): void {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.at > seconds) {
        this.time = seconds;
        return;
      }
      this.takeFirst();
      this.time = first.at;
      first.happen();
    }
  }

  private takeFirst(): void {
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
  }

  private rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapped(index, parent)) {
        return;
      }
      index = parent;
    }
  }

  private sink(from: number): void {
    let index = from;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = this.before(right, left) ? right : left;
      if (!this.swapped(child, index)) {
        return;
      }
      index = child;
    }
  }

  /** Puts the earlier one first; false when it was so. */
  private swapped(later: number, earlier: number): boolean {
    const [a, b] = [this.heap[later], this.heap[earlier]];
    if (a === undefined || b === undefined || !this.before(later, earlier)) {
      return false;
    }
    this.heap[later] = b;
    this.heap[earlier] = a;
    return true;
  }

  private before(one: number, other: number): boolean {
    const [a, b] = [this.heap[one], this.heap[other]];
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  }
}
