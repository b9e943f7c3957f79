/**
 * Lets so many requests through in the long run, and as many at once as it holds.
 * https://en.wikipedia.org/wiki/Token_bucket
 */
export class TokenBucket {
  private tokens: number;

  /** @param nowMs of a clock that does not jump */
  constructor(
    private readonly perSecond: number,
    private readonly size: number,
    private filledMs: number,
  ) {
    this.tokens = size;
  }

  /** Takes a token; else gives the seconds until there is one. */
  take(nowMs: number): number {
    this.fill(nowMs);
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return 0;
    }
    return (1 - this.tokens) / this.perSecond;
  }

  /** What was let through elsewhere. It may leave a debt, of a full bucket at most. */
  spend(count: number, nowMs: number): void {
    this.fill(nowMs);
    this.tokens = Math.max(-this.size, this.tokens - count);
  }

  private fill(nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.filledMs) / 1_000;
    this.tokens = Math.min(this.size, this.tokens + seconds * this.perSecond);
    this.filledMs = nowMs;
  }
}
