export interface TimeoutLimits {
  /** For requests that name no deadline. */
  readonly defaultMs: number;
  /** Longer ones are cut down to it. */
  readonly maximumMs: number;
}

/** An answer of many messages may be open as long as any job may take: who watches one need not ask again. */
export const MAX_STREAM_MS = 24 * 3_600_000;
