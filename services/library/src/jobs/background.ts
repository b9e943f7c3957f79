import { asMienError } from '@mien/errors';
import type { Logger } from 'pino';

/** A kind of long work that waits in the database. */
export interface BackgroundWork {
  readonly name: string;
  /** Takes on what waits, or what a process that died left undone, and works on it; false when there was nothing. */
  runNext(signal: AbortSignal): Promise<boolean>;
}

/**
 * Does long work of one kind beside the calls, one piece at a time. It looks for work when it is woken, and every so
 * often for what other processes left behind.
 */
export class Background {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private woken = false;
  private endPause = () => {};

  constructor(
    private readonly work: BackgroundWork,
    private readonly options: { readonly pauseMs: number; readonly logger: Logger },
  ) {
    this.running = this.run();
  }

  /** There is new work. */
  wake(): void {
    this.woken = true;
    this.endPause();
  }

  /** Lets go of the work at its next step; another process, or a later one, goes on with it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.endPause();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      if (!(await this.attempt())) {
        await this.pause();
      }
    }
  }

  /** What fails here could not even be written down, or may pass: after a pause it is tried again. */
  private async attempt(): Promise<boolean> {
    try {
      return await this.work.runNext(this.stopping.signal);
    } catch (error) {
      if (!this.stopping.signal.aborted) {
        this.options.logger.warn({ err: asMienError(error), work: this.work.name }, 'long work has to wait');
      }
      return false;
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.endPause(), this.options.pauseMs);
      this.endPause = () => {
        clearTimeout(timer);
        this.endPause = () => {};
        resolve();
      };
      if (this.woken || this.stopping.signal.aborted) {
        this.endPause();
      }
    });
  }
}
