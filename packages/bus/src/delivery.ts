import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';

/** https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-15.md: what a client may answer. */
const ACK = '+ACK';
const WORKING = '+WPI';
const TERM = '+TERM';

/** One message as a pull consumer got it. */
export class Delivery {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  /** Place in the stream: the same at every delivery of the message. */
  readonly sequence: number;
  /** 1 at the first delivery. */
  readonly deliveries: number;
  private readonly reply: string;

  constructor(
    private readonly nc: NatsConnection,
    msg: Msg,
  ) {
    this.subject = msg.subject;
    this.data = msg.data;
    this.headers = msg.headers;
    this.reply = msg.reply ?? '';
    const { deliveries, sequence } = parseAckSubject(this.reply);
    this.deliveries = deliveries;
    this.sequence = sequence;
  }

  ack(): void {
    this.nc.publish(this.reply, ACK);
  }

  /** Asks for the message again, to whoever is free, after the delay. */
  nak(delayMs: number): void {
    this.nc.publish(this.reply, delayMs > 0 ? `-NAK {"delay": ${Math.round(delayMs * 1e6)}}` : '-NAK');
  }

  /** Starts the ack wait anew. */
  working(): void {
    this.nc.publish(this.reply, WORKING);
  }

  /** Never again. */
  term(): void {
    this.nc.publish(this.reply, TERM);
  }
}

/**
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>...`, or with domain and account hash before the
 * stream since server 2.10 offers it (12 tokens or more).
 */
function parseAckSubject(subject: string): { deliveries: number; sequence: number } {
  const tokens = subject.split('.');
  const at = tokens.length >= 11 ? 6 : 4;
  return { deliveries: Number(tokens[at]), sequence: Number(tokens[at + 1]) };
}
