import type { DetectionOptions, Priority } from '@mien/proto';

/** What every call takes. */
export interface CallSettings {
  /** Time for the whole call, further attempts included. */
  readonly timeoutMs?: number;
  /** Gives the call up. */
  readonly signal?: AbortSignal;
}

/** What calls with photos take. */
export interface PhotoSettings extends CallSettings {
  readonly priority?: Priority;
  /** Which faces are looked for. */
  readonly detection?: Partial<DetectionOptions>;
}

/** The fields that have a value: the generated types tell "not there" from undefined. */
export function given<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
