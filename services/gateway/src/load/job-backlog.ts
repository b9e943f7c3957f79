import { type Bus, TASKS_STREAM } from '@mien/bus';
import { asMienError, MienError } from '@mien/errors';
import type { Logger } from 'pino';

export interface BacklogLimits {
  /** Photos of jobs that may wait, of all keys together. */
  readonly maxWaitingPhotos: number;
  /** How long the oldest of them may have waited. */
  readonly maxWaitMs: number;
}

/** How much of the jobs that were taken in is still to be done, as of the last second. */
export class JobBacklog {
  private readonly timer: NodeJS.Timeout;
  private waiting = 0;
  private oldestAt: number | undefined;
  private asking = false;

  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
    private readonly limits: BacklogLimits,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => void this.ask(), intervalMs).unref();
  }

  get waitingPhotos(): number {
    return this.waiting;
  }

  /** How long the oldest of them has waited; 0 when none waits. */
  get oldestMs(): number {
    return this.oldestAt === undefined ? 0 : Math.max(0, Date.now() - this.oldestAt);
  }

  /** Throws OVERLOADED when no further job is to be taken in. */
  refuseWhenFull(): void {
    const { maxWaitingPhotos, maxWaitMs } = this.limits;
    if (this.waiting >= maxWaitingPhotos) {
      throw full(`${this.waiting} photos of jobs wait`);
    }
    if (this.oldestMs > maxWaitMs) {
      throw full('photos of jobs wait too long');
    }
  }

  async ask(): Promise<void> {
    if (this.asking || !this.bus.connected) {
      return;
    }
    this.asking = true;
    try {
      const { state } = await this.bus.jsm.streams.info(TASKS_STREAM);
      this.waiting = state.messages;
      this.oldestAt = state.messages === 0 ? undefined : Date.parse(state.first_ts);
    } catch (error) {
      this.logger.debug({ err: asMienError(error) }, 'the queue of jobs could not be asked for its depth');
    } finally {
      this.asking = false;
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** A backlog is worked off in minutes, not seconds. */
const RETRY_AFTER_SECONDS = '30';

function full(message: string): MienError {
  return new MienError('OVERLOADED', `${message}; try again later`, {
    metadata: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
}
