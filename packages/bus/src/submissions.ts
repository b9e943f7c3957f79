import { JobPhotoStage, type Submission } from '@mien/proto';
import type { Subscription } from '@nats-io/transport-node';
import type { StageName } from './catalog';
import type { Bus } from './connection';
import { CANCELLED_SUBJECT, PHOTO_STAGES_SUBJECT } from './names/jobs';

/** How long photos of a cancelled job may still come. */
const REMEMBERED_MS = 600_000;
const MOST_REMEMBERED = 10_000;

/** What a stage tells of the photos of submitted jobs, and is told of those jobs. */
export class Submissions {
  private readonly cancelled = new Map<string, number>();
  private readonly subscription: Subscription;

  constructor(
    private readonly bus: Bus,
    private readonly stage: StageName,
  ) {
    this.subscription = bus.nc.subscribe(CANCELLED_SUBJECT, {
      callback: (error, message) => {
        if (error === null) {
          this.remember(message.string());
        }
      },
    });
  }

  /** Whether nobody wants an answer for the photo any more. */
  isCancelled({ jobId }: Submission): boolean {
    const until = this.cancelled.get(jobId);
    return until !== undefined && until > performance.now();
  }

  /** Tells whoever listens where the photo is. */
  begin({ jobId, photoIndex }: Submission): void {
    if (this.bus.connected) {
      const told = JobPhotoStage.encode({ jobId, photoIndex, stage: this.stage });
      this.bus.nc.publish(PHOTO_STAGES_SUBJECT, told.finish());
    }
  }

  stop(): void {
    if (!this.subscription.isClosed()) {
      this.subscription.unsubscribe();
    }
  }

  private remember(jobId: string): void {
    this.cancelled.set(jobId, performance.now() + REMEMBERED_MS);
    const [oldest] = this.cancelled.keys();
    if (this.cancelled.size > MOST_REMEMBERED && oldest !== undefined) {
      this.cancelled.delete(oldest);
    }
  }
}
