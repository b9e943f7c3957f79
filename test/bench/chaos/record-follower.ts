import { JOBS_STREAM, RECORD_SUBJECTS } from '@mien/bus';
import { finishedJob } from '@mien/jobs';
import type { JobState } from '@mien/proto';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

/** How a job ended, as the stream of records tells it. */
export interface Ending {
  readonly state: JobState;
  /** Writes of a final state: one, if all is well. */
  readonly times: number;
}

/** Reads every record beside the platform, over whatever happens to the server. */
export class RecordFollower {
  readonly endings = new Map<string, Ending>();
  private readonly seen = new Set<number>();
  private readonly waiting = new Map<string, () => void>();
  private nextEnd: () => void = () => undefined;

  private constructor(private readonly nc: NatsConnection) {}

  static async start(natsUrl: string): Promise<RecordFollower> {
    const nc = await connect({ servers: natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 200 });
    const follower = new RecordFollower(nc);
    void follower.follow();
    return follower;
  }

  /** Resolves when the job has ended. */
  ended(id: string): Promise<void> {
    return this.endings.has(id) ? Promise.resolve() : new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** Resolves at the next end of any job. */
  anyEnd(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.nextEnd;
      this.nextEnd = () => {
        before();
        resolve();
      };
    });
  }

  stop(): Promise<void> {
    return this.nc.close();
  }

  private async follow(): Promise<void> {
    while (!this.nc.isClosed()) {
      try {
        const consumer = await jetstream(this.nc).consumers.get(JOBS_STREAM, {
          filter_subjects: RECORD_SUBJECTS,
        });
        for await (const message of await consumer.consume()) {
          this.take(message.seq, message.data);
        }
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  private take(sequence: number, data: Uint8Array): void {
    const finished = finishedJob(data);
    if (finished === undefined || this.seen.has(sequence)) {
      return;
    }
    this.seen.add(sequence);
    const { id, state } = finished.job;
    this.endings.set(id, { state, times: (this.endings.get(id)?.times ?? 0) + 1 });
    this.waiting.get(id)?.();
    this.waiting.delete(id);
    this.nextEnd();
    this.nextEnd = () => undefined;
  }
}
