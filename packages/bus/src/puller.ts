import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Bus } from './connection';
import { Delivery } from './delivery';

export interface PullerOptions {
  readonly bus: Bus;
  readonly stream: string;
  readonly consumer: string;
  readonly logger: Logger;
  /** How many more messages may come now. Asked again at every pump. */
  readonly want: () => number;
  readonly deliver: (delivery: Delivery) => void;
}

/** How long one request for messages stands at the server. */
const EXPIRES_MS = 30_000;
/** A request that the server has not ended by itself so long after its expiry is lost. */
const LOST_AFTER_MS = EXPIRES_MS + 2_000;
/** Wait before asking again after the server refused. */
const RETRY_MS = 500;

interface Pull {
  left: number;
  readonly at: number;
}

/**
 * Pulls messages for one consumer, never more than wanted. Requests stand at the server, so that a message
 * comes at once when there is one; the client library's own consume() would prefetch without regard to how many
 * jobs still wait here.
 */
export class Puller {
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private readonly forgetReconnect: () => void;
  private readonly watchdog: NodeJS.Timeout;
  private pulls: Pull[] = [];
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: PullerOptions) {
    this.inbox = options.bus.newInbox();
    this.subscription = options.bus.nc.subscribe(this.inbox, {
      callback: (error, msg) => this.hear(error, msg),
    });
    this.forgetReconnect = options.bus.onReconnect(() => this.restart());
    this.watchdog = setInterval(() => this.dropLost(), EXPIRES_MS / 3);
    this.watchdog.unref();
    this.pump();
  }

  /** Asks for as many messages as are wanted and not yet asked for. */
  pump(): void {
    if (this.stopped || this.retry !== undefined || !this.options.bus.connected) {
      return;
    }
    const missing = this.options.want() - this.pulls.reduce((sum, pull) => sum + pull.left, 0);
    if (missing <= 0) {
      return;
    }
    const { bus, stream, consumer } = this.options;
    const request = JSON.stringify({ batch: missing, expires: EXPIRES_MS * 1e6 });
    bus.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, { reply: this.inbox });
    this.pulls.push({ left: missing, at: Date.now() });
  }

  /** Asks for no more. What is already on its way is still delivered before this returns. */
  async drain(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watchdog);
    clearTimeout(this.retry);
    this.forgetReconnect();
    if (this.subscription.isClosed()) {
      return;
    }
    if (this.options.bus.connected) {
      await this.subscription.drain();
    } else {
      this.subscription.unsubscribe();
    }
  }

  private hear(error: Error | null, msg: Msg): void {
    if (error !== null) {
      this.options.logger.error({ err: error }, 'the NATS server refuses our subscription');
      return;
    }
    if (msg.subject === this.inbox) {
      this.hearStatus(msg);
      return;
    }
    this.settle(1);
    this.options.deliver(new Delivery(this.options.bus.nc, msg));
  }

  /** The server ends a request: 404 and 408 when its time is over, 409 and 503 when something is wrong. */
  private hearStatus(msg: Msg): void {
    const code = msg.headers?.code ?? 0;
    if (code === 100) {
      return;
    }
    const left = Number(msg.headers?.get('Nats-Pending-Messages') ?? '');
    if (code === 503 || !(left > 0)) {
      this.pulls = [];
    } else {
      this.settle(left);
    }
    if (code === 404 || code === 408) {
      this.pump();
      return;
    }
    this.options.logger.warn({ code, description: msg.headers?.description }, 'the NATS server ended a pull');
    this.retry ??= setTimeout(() => this.restart(), RETRY_MS);
  }

  /** Counts messages off the oldest requests. */
  private settle(count: number): void {
    let open = count;
    for (const pull of this.pulls) {
      const taken = Math.min(pull.left, open);
      pull.left -= taken;
      open -= taken;
    }
    this.pulls = this.pulls.filter((pull) => pull.left > 0);
  }

  private dropLost(): void {
    const now = Date.now();
    this.pulls = this.pulls.filter((pull) => now - pull.at < LOST_AFTER_MS);
    this.pump();
  }

  private restart(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.pulls = [];
    this.pump();
  }
}
