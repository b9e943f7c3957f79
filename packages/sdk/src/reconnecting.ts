import { backOffMs, isUnavailable, pause, refusedFor } from './retry';

export interface Reconnection {
  /** How long nobody may answer before it is given up. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_WAIT_MS = 100;

/**
 * What a stream gives, over all the connections that it takes: opened again when the connection is lost or the service
 * goes down, and, where it was told when to come back, then. Throws anything else, and that as well after so long
 * without an answer as patience goes.
 */
export async function* reconnecting<T>(
  open: () => AsyncIterable<T>,
  { patienceMs, signal }: Reconnection,
): AsyncGenerator<T, void, void> {
  let tried = 0;
  let brokeAt = 0;
  for (;;) {
    try {
      for await (const item of open()) {
        tried = 0;
        yield item;
      }
      return;
    } catch (error) {
      brokeAt = tried === 0 ? Date.now() : brokeAt;
      const waitMs = waitBeforeNext(error, tried);
      if (waitMs === undefined || Date.now() + waitMs >= brokeAt + patienceMs) {
        throw error;
      }
      tried += 1;
      await pause(waitMs, signal);
    }
  }
}

/** Undefined when the stream broke for a reason that stays. */
function waitBeforeNext(error: unknown, tried: number): number | undefined {
  const backOff = backOffMs(FIRST_WAIT_MS, tried);
  const refusedForMs = refusedFor(error);
  if (refusedForMs !== undefined) {
    return Math.max(refusedForMs, backOff);
  }
  return isUnavailable(error) ? backOff : undefined;
}
