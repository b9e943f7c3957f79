import type { BlobRef } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';

interface Due {
  readonly ref: BlobRef;
  readonly at: number;
}

/**
 * Deletes blobs that a job has left behind, some time later: when the acknowledgement of the job is lost, the
 * server delivers it once more, and it must still find them. What a process has not deleted when it ends falls
 * to the store's retention.
 */
export class Disposal {
  private due: Due[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: ObjectStore,
    private readonly delayMs: number,
    private readonly logger: Logger,
  ) {}

  later(refs: readonly BlobRef[]): void {
    const at = Date.now() + this.delayMs;
    this.due.push(...refs.map((ref) => ({ ref, at })));
    this.arm();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.due = [];
  }

  private arm(): void {
    const [first] = this.due;
    if (first !== undefined && this.timer === undefined) {
      this.timer = setTimeout(() => this.work(), Math.max(0, first.at - Date.now()));
      this.timer.unref();
    }
  }

  private work(): void {
    this.timer = undefined;
    const now = Date.now();
    const open = this.due.findIndex((due) => due.at > now);
    for (const { ref } of this.due.splice(0, open === -1 ? this.due.length : open)) {
      this.store
        .delete(ref)
        .catch((error: unknown) => this.logger.warn({ err: error }, 'a blob could not be deleted'));
    }
    this.arm();
  }
}
