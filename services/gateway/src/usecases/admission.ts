import { MienError } from '@mien/errors';

/**
 * How many requests are worked on at once. Each holds its photos in memory, so there is an end to what can be taken.
 */
export class Admission {
  private inFlight = 0;

  constructor(private readonly maxInFlight: number) {}

  /** Throws OVERLOADED when no work would be admitted now. */
  refuseWhenFull(): void {
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
    }
  }
}
