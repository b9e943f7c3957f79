import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../statistics';

/** Times of searches that come one after the other, with a pause, as those of somebody who uses the library. */
export class SearchClock {
  private readonly times: number[] = [];
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly search: (turn: number) => Promise<unknown>,
    private readonly pauseMs: number,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Milliseconds of the searches so far. */
  async stop(): Promise<{ readonly count: number; readonly p50: number; readonly p99: number }> {
    this.stopped = true;
    await this.running;
    return {
      count: this.times.length,
      p50: percentile(this.times, 0.5),
      p99: percentile(this.times, 0.99),
    };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const started = performance.now();
      await this.search(this.times.length);
      this.times.push(performance.now() - started);
      await wait(this.pauseMs);
    }
  }
}
