/**
 * Whether somebody waits for this gateway: requests under way, and a moment more, since who asked once often asks again
 * at once. Work that can wait keeps out of their way, but is not kept from its turn for ever.
 */
export class InteractiveActivity {
  private underWay = 0;
  private lastAt = Number.NEGATIVE_INFINITY;
  private lastTurnAt = Number.NEGATIVE_INFINITY;
  private readonly waiters = new Set<() => void>();

  /**
   * @param quietMs how long after the last request it counts as quiet
   * @param longestWaitMs while it is never quiet, work that can wait has one turn in this time
   */
  constructor(
    private readonly quietMs: number,
    private readonly longestWaitMs: number,
  ) {}

  /** Marks work that somebody waits for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
      this.lastAt = performance.now();
      if (this.underWay === 0) {
        for (const wake of this.waiters) {
          wake();
        }
      }
    }
  }

  /** Returns when it is quiet, or at the caller's turn. Throws the signal's reason. */
  async quiet(signal: AbortSignal): Promise<void> {
    const cameAt = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      const quietAt = this.underWay > 0 ? Number.POSITIVE_INFINITY : this.lastAt + this.quietMs;
      const turnAt = Math.max(cameAt, this.lastTurnAt) + this.longestWaitMs;
      if (now >= quietAt) {
        return;
      }
      if (now >= turnAt) {
        this.lastTurnAt = now;
        return;
      }
      await this.changed(Math.min(quietAt, turnAt) - now, signal);
    }
  }

  /** Until the last request is answered, the time is over or the signal aborts. */
  private changed(withinMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.ceil(withinMs));
      this.waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
