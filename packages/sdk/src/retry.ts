import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';

export interface RetryLimits {
  /** Attempts after the first. */
  readonly retries: number;
  /** Wait before the first of them; each further one waits twice as long up to 5 s, and any a random half less. */
  readonly firstWaitMs: number;
  /** Nothing is tried after this moment, in milliseconds since 1970. */
  readonly deadline: number;
  /** Whether asking twice does no harm. If not, only what was refused untouched is asked again. */
  readonly harmless: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told of each failure after which another attempt is made, and in how many milliseconds. */
  readonly onRetry?: ((error: unknown, waitMs: number) => void) | undefined;
}

/** So that those who were all told the same time don't come back at the same moment. */
const SPREAD = 0.1;
const LONGEST_WAIT_MS = 5_000;

/**
 * Runs the attempt again when it was refused with a time after which to come back, and, where asking twice does no harm,
 * when the service could not be reached or was going down. Throws the last attempt's error, or the signal's reason.
 */
export async function withRetries<T>(attempt: () => Promise<T>, limits: RetryLimits): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = waitBeforeNext(error, tried, limits);
      if (waitMs === undefined || tried >= limits.retries || Date.now() + waitMs >= limits.deadline) {
        throw error;
      }
      limits.onRetry?.(error, waitMs);
      await pause(waitMs, limits.signal);
    }
  }
}

/** Undefined when another attempt is not worth it, or not safe. */
function waitBeforeNext(
  error: unknown,
  tried: number,
  { firstWaitMs, harmless }: RetryLimits,
): number | undefined {
  const refusedForMs = refusedFor(error);
  if (refusedForMs !== undefined) {
    return refusedForMs * (1 + SPREAD * Math.random());
  }
  return harmless && isUnavailable(error) ? backOffMs(firstWaitMs, tried) : undefined;
}

/** Waits that double up to 5 s, each shortened by a random half at most. */
export function backOffMs(firstWaitMs: number, tried: number): number {
  return Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** tried) * (0.5 + Math.random() / 2);
}

/** Whether the service could not be reached or was going down. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof MienError && error.status === status.UNAVAILABLE;
}

/**
 * In how many milliseconds a call that was not let in, for load or for the key's rate, may come again; undefined for any
 * other error.
 */
export function refusedFor(error: unknown): number | undefined {
  if (!(error instanceof MienError) || error.status !== status.RESOURCE_EXHAUSTED) {
    return undefined;
  }
  const { retryAfterSeconds } = error;
  return retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
}

/** Throws the signal's reason when it ends the pause. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
