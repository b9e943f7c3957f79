import type { ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';
import { answerFailed } from '../answers';
import type { StageName } from '../catalog';
import type { Bus } from '../connection';
import type { Delivery } from '../delivery';
import { Envelopes, openJob } from '../envelope';
import { stageFailed } from '../job-fate';
import { Puller } from '../puller';
import { ADVISORY_STREAM, streamOf, undertakerOf } from '../subjects';
import type { LineMetrics } from '../telemetry/metrics';
import { bury } from './letters';

export interface UndertakerOptions {
  /** Whose dead it buries. */
  readonly stage: StageName;
  readonly bus: Bus;
  readonly store: ObjectStore;
  readonly blobRetentionSeconds: number;
  readonly metrics: LineMetrics;
  readonly logger: Logger;
}

/** Advisories dealt with at the same time. */
const AT_ONCE = 8;
/** Wait before an advisory that could not be dealt with comes again. */
const RETRY_MS = 2_000;

/**
 * Buries the jobs that took their workers with them at every attempt: no worker lived to do it. The server says
 * so by an advisory; the job still lies in its stream. Any number of a stage's processes may run one of these.
 */
export class Undertaker {
  private readonly puller: Puller;
  private readonly envelopes: Envelopes;
  private readonly busy = new Set<Promise<void>>();

  constructor(private readonly options: UndertakerOptions) {
    this.envelopes = new Envelopes(options.bus, options.store, options.blobRetentionSeconds);
    this.puller = new Puller({
      bus: options.bus,
      logger: options.logger,
      stream: ADVISORY_STREAM,
      consumer: undertakerOf(options.stage),
      want: () => AT_ONCE - this.busy.size,
      deliver: (delivery) => this.receive(delivery),
    });
  }

  async stop(): Promise<void> {
    await this.puller.drain();
    await Promise.all(this.busy);
  }

  private receive(delivery: Delivery): void {
    const work = this.dealWith(delivery).finally(() => {
      this.busy.delete(work);
      this.puller.pump();
    });
    this.busy.add(work);
  }

  private async dealWith(delivery: Delivery): Promise<void> {
    try {
      const advisory = parseAdvisory(delivery.data, this.options.stage);
      if (advisory !== undefined) {
        await this.bury(advisory);
      }
      delivery.ack();
    } catch (error) {
      this.options.logger.error({ err: error }, 'a dead job could not be buried yet');
      if (this.options.bus.connected) {
        delivery.nak(RETRY_MS);
      }
    }
  }

  private async bury({ sequence, deliveries }: Advisory): Promise<void> {
    const { bus, stage, metrics, logger } = this.options;
    const found = await bus.jsm.streams.getMessage(streamOf(stage), { seq: sequence });
    if (found === null) {
      return; // acknowledged late, or buried by another
    }
    const error = stageFailed(stage, new Error('no worker lived to acknowledge it'));
    await bury(
      bus,
      { stage, sequence, deliveries, subject: found.subject, data: found.data, headers: found.header },
      error,
    );
    metrics.deadLetters.add(1, { stage, cause: 'crashed' });
    logger.error({ stage, deliveries }, 'a job is dead: none of its workers lived to acknowledge it');
    try {
      await answerFailed(bus, this.envelopes, openJob(found.data), error, stage);
    } catch (unreadable) {
      logger.warn({ err: unreadable, stage }, 'a dead message has nobody to answer to');
    }
    await bus.jsm.streams.deleteMessage(streamOf(stage), sequence);
  }
}

interface Advisory {
  readonly sequence: number;
  readonly deliveries: number;
}

function parseAdvisory(data: Uint8Array, stage: StageName): Advisory | undefined {
  const advisory: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  const ours = field(advisory, 'stream') === streamOf(stage);
  const sequence = field(advisory, 'stream_seq');
  const deliveries = field(advisory, 'deliveries');
  return ours && typeof sequence === 'number' && typeof deliveries === 'number'
    ? { sequence, deliveries }
    : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
