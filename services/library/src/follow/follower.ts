import type { Logger } from 'pino';
import { SharedPass } from './shared-pass';

export interface FollowerOptions {
  /** What is followed, for the log. */
  readonly name: string;
  /** Applies what waits; may be repeated. */
  readonly pass: () => Promise<void>;
  /** How often to look for what nobody called for: leases that ended, what a crashed process left. */
  readonly pollMs: number;
  readonly logger: Logger;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

/** Applies an outbox when it is told to, at an interval, and again after a failure, sooner first and then later. */
export class Follower {
  private readonly shared: SharedPass;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: FollowerOptions) {
    this.shared = new SharedPass(() => this.attempt());
  }

  /** Whether what was committed reaches its place now. */
  get failing(): boolean {
    return this.failures > 0;
  }

  /** Resolves when everything that was committed before the call is applied. Throws what the pass throws. */
  follow(): Promise<void> {
    return this.shared.run();
  }

  /** Follows by itself from now on. */
  start(): void {
    this.schedule();
  }

  /** Ends when nothing is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.shared.idle();
  }

  private async attempt(): Promise<void> {
    try {
      await this.options.pass();
      if (this.failures > 0) {
        this.options.logger.info({ follower: this.options.name }, 'following again');
      }
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      const { name, logger } = this.options;
      logger.error({ err: error, follower: name, failures: this.failures }, 'could not follow the database');
      throw error;
    } finally {
      this.schedule();
    }
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.stopped) {
      return;
    }
    const waitMs =
      this.failures === 0
        ? this.options.pollMs
        : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => void this.follow().catch(() => undefined), waitMs);
    this.timer.unref();
  }
}
