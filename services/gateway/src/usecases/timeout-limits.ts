export interface TimeoutLimits {
  /** For requests that name no deadline. */
  readonly defaultMs: number;
  /** Longer ones are cut down to it. */
  readonly maximumMs: number;
}
