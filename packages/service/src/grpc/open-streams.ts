import { MienError } from '@mien/errors';
import { orAborted } from './or-aborted';

export interface OpenStreamsLimits {
  /** Streams open at once. */
  readonly maximum: number;
  /** Of them, those of one owner. */
  readonly maximumPerOwner: number;
}

/**
 * Answers of many messages that are under way, over whichever transport. They hold little but last long, so they are
 * bounded apart from requests, and on the way down they are ended rather than waited for.
 */
export class OpenStreams {
  private readonly going = new AbortController();
  private readonly owners = new Map<string, number>();
  private open = 0;

  constructor(private readonly limits: OpenStreamsLimits) {}

  /**
   * The messages of a source, as one of the open streams for as long as they are read. Throws OVERLOADED when there are
   * too many; SHUTTING_DOWN, at the beginning or when the streams are closed meanwhile; and the signal's reason.
   */
  async *hold<Message>(
    owner: string,
    source: AsyncIterable<Message>,
    signal: AbortSignal,
  ): AsyncGenerator<Message, void, void> {
    this.enter(owner);
    const ended = AbortSignal.any([signal, this.going.signal]);
    const messages = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await orAborted(messages.next(), ended);
        if (next.done === true) {
          return;
        }
        yield next.value;
      }
    } finally {
      this.leave(owner);
      messages.return?.()?.catch(() => undefined);
    }
  }

  /** Ends all of them with SHUTTING_DOWN, and takes no new ones. */
  close(): void {
    this.going.abort(new MienError('SHUTTING_DOWN', 'the service is going down'));
  }

  private enter(owner: string): void {
    this.going.signal.throwIfAborted();
    const own = this.owners.get(owner) ?? 0;
    const { maximum, maximumPerOwner } = this.limits;
    if (this.open >= maximum || own >= maximumPerOwner) {
      const limit = own >= maximumPerOwner ? maximumPerOwner : maximum;
      throw new MienError('OVERLOADED', `${limit} streams are open; try again later`, {
        metadata: { limit: 'streams', maximum: String(limit), retryAfterSeconds: RETRY_AFTER_SECONDS },
      });
    }
    this.open += 1;
    this.owners.set(owner, own + 1);
  }

  private leave(owner: string): void {
    this.open -= 1;
    const own = (this.owners.get(owner) ?? 0) - 1;
    if (own > 0) {
      this.owners.set(owner, own);
    } else {
      this.owners.delete(owner);
    }
  }
}

/** Streams last long: asking sooner is of little use. */
const RETRY_AFTER_SECONDS = '5';
