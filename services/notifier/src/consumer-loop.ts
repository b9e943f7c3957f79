import { type Bus, type Delivery, Puller } from '@mien/bus';
import { asMienError } from '@mien/errors';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';

interface LoopOptions {
  readonly bus: Bus;
  readonly stream: string;
  readonly consumer: string;
  /** Messages worked on at once. */
  readonly concurrency: number;
  /** Resolves when the message is done with for good. What it throws is logged, and the message comes again. */
  readonly handle: (delivery: Delivery) => Promise<void>;
  readonly logger: Logger;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;

/** Works through a durable consumer's messages; acknowledges what was done and asks again for what failed. */
export class ConsumerLoop {
  private readonly puller: Puller;
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: LoopOptions) {
    const { bus, stream, consumer, logger, concurrency } = options;
    this.puller = new Puller({
      bus,
      stream,
      consumer,
      logger,
      want: () => concurrency - this.running.size,
      deliver: (delivery) => this.take(delivery),
    });
  }

  /** Takes no more and finishes what is under way. */
  async drain(): Promise<void> {
    await this.puller.drain();
    await Promise.all(this.running);
  }

  private take(delivery: Delivery): void {
    const run = this.work(delivery).finally(() => {
      this.running.delete(run);
      this.puller.pump();
    });
    this.running.add(run);
  }

  private async work(delivery: Delivery): Promise<void> {
    const { handle, logger, consumer } = this.options;
    try {
      await inSpan(consumer, () => handle(delivery));
      delivery.ack();
    } catch (error) {
      logger.error({ err: error, consumer, deliveries: delivery.deliveries }, 'a message is tried again');
      delivery.nak(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(delivery.deliveries, 10)));
    }
  }
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function inSpan(consumer: string, work: () => Promise<void>): Promise<void> {
  const attributes = {
    'messaging.system': 'nats',
    'messaging.consumer.group.name': consumer,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
  };
  return trace
    .getTracer('@mien/notifier')
    .startActiveSpan(`process ${consumer}`, { kind: SpanKind.CONSUMER, attributes }, async (span) => {
      try {
        await work();
      } catch (thrown) {
        const { reason } = asMienError(thrown);
        span.setAttribute('error.type', reason);
        span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
        throw thrown;
      } finally {
        span.end();
      }
    });
}
