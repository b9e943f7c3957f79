/** When a callback that was not taken is tried again. */
export interface RetrySchedule {
  /** Milliseconds from the attempt of that number, the first being 1, to the next. */
  delayMs(attempt: number): number;
  /** Milliseconds after which a callback is dead. */
  readonly lifetimeMs: number;
}

const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;
const SHORTEST_MS = 500;
const DAY_MS = 86_400_000;

/**
 * Twice as long each time, up to an hour, with full jitter, so that callbacks that failed together don't come back
 * together: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function exponentialBackoff(random: () => number): RetrySchedule {
  return {
    delayMs: (attempt) => {
      const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
      return Math.max(SHORTEST_MS, bound * random());
    },
    lifetimeMs: DAY_MS,
  };
}
