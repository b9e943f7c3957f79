import { MienError } from '@mien/errors';

/**
 * How many requests are worked on at once. Each holds its photos in memory, so there is an end to what can be
 * taken; and on the way down none is taken any more while those inside are finished.
 */
export class Admission {
  private inFlight = 0;
  private draining = false;
  private emptied: () => void = () => undefined;

  constructor(private readonly maxInFlight: number) {}

  /** Throws OVERLOADED or SHUTTING_DOWN when no work would be admitted now. */
  refuseWhenFull(): void {
    if (this.draining) {
      throw new MienError('SHUTTING_DOWN', 'the gateway is going down');
    }
    if (this.inFlight >= this.maxInFlight) {
      throw new MienError('OVERLOADED', `${this.maxInFlight} requests are being worked on; try again later`, {
        metadata: { retryAfterSeconds: '1' },
      });
    }
  }

  /** Runs the work if there is room. Throws what refuseWhenFull throws. */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    this.refuseWhenFull();
    this.inFlight += 1;
    try {
      return await work();
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) {
        this.emptied();
      }
    }
  }

  /** Takes nothing new and returns when all that was taken is answered, or after the limit. */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    if (this.inFlight === 0) {
      return;
    }
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, limitMs);
      this.emptied = () => {
        clearTimeout(limit);
        resolve();
      };
    });
  }
}
