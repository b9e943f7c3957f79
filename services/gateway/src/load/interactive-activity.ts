export interface HoldingBack {
  /** How long after the last request it counts as quiet: who asked once often asks again at once. */
  readonly quietMs: number;
  /**
   * How long after the last request work that can wait goes one by one: a request that comes then finds no more than one
   * such piece under way, which it can't interrupt.
   */
  readonly oneByOneMs: number;
  /** While it is never quiet, work that can wait has one turn in this time. */
  readonly longestWaitMs: number;
}

/**
 * Whether somebody waits for this gateway: requests under way, and a moment more. Work that can wait keeps out of their
 * way, but is not kept from its turn for ever.
 */
export class InteractiveActivity {
  private underWay = 0;
  private lastAt = Number.NEGATIVE_INFINITY;
  private lastTurnAt = Number.NEGATIVE_INFINITY;
  private readonly waiters = new Set<() => void>();

  /** Pieces of work that can wait, under way. */
  private turns = 0;

  constructor(private readonly holdingBack: HoldingBack) {}

  /** Marks work that somebody waits for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
      this.lastAt = performance.now();
      if (this.underWay === 0) {
        this.wake();
      }
    }
  }

  /** Does work that can wait, at its turn. Throws the signal's reason, too. */
  async aside<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.turn(signal);
    try {
      return await work();
    } finally {
      this.turns -= 1;
      this.wake();
    }
  }

  /** Returns when the turn has come, which then has begun. */
  private async turn(signal: AbortSignal): Promise<void> {
    const cameAt = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      const freeAt = this.freeAt();
      const turnAt = Math.max(cameAt, this.lastTurnAt) + this.holdingBack.longestWaitMs;
      if (now >= freeAt || now >= turnAt) {
        this.lastTurnAt = now >= freeAt ? this.lastTurnAt : now;
        this.turns += 1;
        return;
      }
      await this.changed(Math.min(freeAt, turnAt) - now, signal);
    }
  }

  /** From when on work that can wait may begin, unless something changes. */
  private freeAt(): number {
    const { quietMs, oneByOneMs } = this.holdingBack;
    if (this.underWay > 0) {
      return Number.POSITIVE_INFINITY;
    }
    return this.lastAt + (this.turns === 0 ? quietMs : Math.max(quietMs, oneByOneMs));
  }

  private wake(): void {
    for (const wake of this.waiters) {
      wake();
    }
  }

  /** Until a request or a turn is over, the time is up or the signal aborts. */
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
