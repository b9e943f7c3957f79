import { MienError } from '@mien/errors';
import type { Submission } from '@mien/proto';
import type { Principal } from '../access/principal';

/** The caller went away before the answer was there. Nobody is left to read it. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled';

  constructor() {
    super('the caller went away');
  }
}

/** For whom and for what a request is answered. */
export interface CallOrigin {
  readonly principal: Principal;
  /** The photo of a job that the request is made for; unset for a request that somebody waits for. */
  readonly submission?: Submission;
  /** Address that the request came from. */
  readonly peer?: string;
}

/** One request being answered: for whom, until when, and whether anyone still waits. */
export class Call {
  private readonly endsAt: number;
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param timeoutMs time that the caller gives, from now */
  constructor(
    timeoutMs: number,
    readonly origin: CallOrigin,
  ) {
    this.endsAt = performance.now() + timeoutMs;
    this.timer = setTimeout(() => {
      this.abort.abort(
        new MienError('DEADLINE_EXCEEDED', `no answer within ${Math.round(timeoutMs)} ms`, {
          metadata: { timeoutMs: String(Math.round(timeoutMs)) },
        }),
      );
    }, timeoutMs);
  }

  /** Aborts with DEADLINE_EXCEEDED at the deadline and with CallCancelled when the caller goes. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** Milliseconds that are left. */
  get remainingMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  cancel(reason: unknown = new CallCancelled()): void {
    this.abort.abort(reason);
  }

  /** Forgets the deadline: the answer is there. */
  close(): void {
    clearTimeout(this.timer);
  }
}
