import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';

export interface RetryLimits {
  /** Attempts after the first. */
  readonly retries: number;
  /** Wait before the first of them; each further one waits twice as long, and any a random half less. */
  readonly firstWaitMs: number;
  /** Nothing is tried after this moment, in milliseconds since 1970. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the attempt, again when the service could not be reached or was going down. For what does no
 * harm when it is asked twice. Throws the last attempt's error, or the signal's reason.
 */
export async function withRetries<T>(attempt: () => Promise<T>, limits: RetryLimits): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = limits.firstWaitMs * 2 ** tried * (0.5 + Math.random() / 2);
      if (!isUnavailable(error) || tried >= limits.retries || Date.now() + waitMs >= limits.deadline) {
        throw error;
      }
      await pause(waitMs, limits.signal);
    }
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof MienError && error.status === status.UNAVAILABLE;
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
