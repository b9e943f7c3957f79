import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';

/** What sending answers needs of the connection. */
interface Link {
  readonly nc: NatsConnection;
  newInbox(): string;
  onReconnect(callback: () => void): () => void;
}

interface Letter {
  readonly to: string;
  readonly payload: Uint8Array;
  readonly headers: MsgHdrs;
  /** Times that it was told that nobody listens. */
  refused: number;
}

/** After each "nobody listens": whoever waits may be about to come back from a lost connection. */
const WAITS_MS = [100, 200, 400, 800, 1_600, 3_200];
/** How long an answer is at hand to be sent again. */
const KEPT_MS = 8_000;
/** Bytes of answers at hand; the oldest go first. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
const NO_RESPONDERS = 503;

/**
 * Sends answers over core NATS, which forgets what nobody listens to at that moment. When a server goes, those whom it
 * connected come back one after the other; an answer that is sent in between would be lost, and whoever waits would wait
 * until the deadline. So the server is asked to tell when nobody listens, and what was sent shortly before a connection
 * broke is sent again. An answer may come twice; who was answered ignores it.
 * https://docs.nats.io/nats-concepts/core-nats/reqreply#no-responders
 */
export class AnswerPost {
  private readonly kept = new Map<number, Letter>();
  private keptBytes = 0;
  private last = 0;
  private inbox: string | undefined;

  constructor(private readonly link: Link) {}

  send(to: string, payload: Uint8Array, headers: MsgHdrs): void {
    this.last += 1;
    const number = this.last;
    const letter = { to, payload, headers, refused: 0 };
    this.keep(number, letter);
    this.publish(number, letter);
  }

  private publish(number: number, { to, payload, headers }: Letter): void {
    const { nc } = this.link;
    if (!nc.isClosed()) {
      nc.publish(to, payload, { headers, reply: `${this.listening()}.${number}` });
    }
  }

  /** Where the server tells that nobody listens. */
  private listening(): string {
    if (this.inbox === undefined) {
      this.inbox = this.link.newInbox();
      this.link.nc.subscribe(`${this.inbox}.*`, {
        callback: (error, message) => {
          if (error === null && message.headers?.code === NO_RESPONDERS) {
            this.sendLater(Number(message.subject.slice(message.subject.lastIndexOf('.') + 1)));
          }
        },
      });
      this.link.onReconnect(() => {
        for (const [number, letter] of this.kept) {
          this.publish(number, letter);
        }
      });
    }
    return this.inbox;
  }

  private sendLater(number: number): void {
    const letter = this.kept.get(number);
    const waitMs = WAITS_MS[letter?.refused ?? WAITS_MS.length];
    if (letter === undefined || waitMs === undefined) {
      this.forget(number);
      return;
    }
    letter.refused += 1;
    setTimeout(() => this.kept.has(number) && this.publish(number, letter), waitMs).unref();
  }

  private keep(number: number, letter: Letter): void {
    this.kept.set(number, letter);
    this.keptBytes += letter.payload.byteLength;
    for (const [oldest] of this.kept) {
      if (this.keptBytes <= MAX_KEPT_BYTES) {
        break;
      }
      this.forget(oldest);
    }
    setTimeout(() => this.forget(number), KEPT_MS).unref();
  }

  private forget(number: number): void {
    this.keptBytes -= this.kept.get(number)?.payload.byteLength ?? 0;
    this.kept.delete(number);
  }
}
