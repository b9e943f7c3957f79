import { readFile } from 'node:fs/promises';
import { connect, type NatsConnection, nkeyAuthenticator, type Subscription } from '@nats-io/transport-node';

/** Counts the answers that stages send to gateways, by job. */
export class AnswerCounter {
  private readonly answers = new Map<string, number>();

  private constructor(
    private readonly nc: NatsConnection,
    private readonly subscription: Subscription,
  ) {}

  /** @param nkeyFile of a user who may hear answers to others */
  static async listen(natsUrl: string, nkeyFile: string): Promise<AnswerCounter> {
    const seed = (await readFile(nkeyFile, 'utf8')).trim();
    const nc = await connect({ servers: natsUrl, authenticator: nkeyAuthenticator(Buffer.from(seed)) });
    const subscription = nc.subscribe('mien.reply.>');
    const counter = new AnswerCounter(nc, subscription);
    void counter.count();
    await nc.flush();
    return counter;
  }

  /** Jobs that were answered, and answers beyond the first of a job. */
  async stop(): Promise<{ jobs: number; repeated: number }> {
    await this.nc.drain();
    const total = [...this.answers.values()].reduce((sum, count) => sum + count, 0);
    return { jobs: this.answers.size, repeated: total - this.answers.size };
  }

  private async count(): Promise<void> {
    for await (const { subject } of this.subscription) {
      this.answers.set(subject, (this.answers.get(subject) ?? 0) + 1);
    }
  }
}
