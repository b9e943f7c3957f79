import { MienError } from '@mien/errors';

/** The caller went away before the answer was there. Nobody is left to read it. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled';

  constructor() {
    super('the caller went away');
  }
}

/** One request being answered: until when, and whether anyone still waits. */
export class Call {
  private readonly endsAt: number;
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param timeoutMs time that the caller gives, from now */
  constructor(timeoutMs: number) {
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
