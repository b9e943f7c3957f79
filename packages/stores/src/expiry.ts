/** 2200-01-01: the expiry of a blob that stays. */
export const FOREVER_SECONDS = 7_258_118_400;

/** The sweep leaves a blob alone for so long after its expiry: who was told of it may still be reading. */
const GRACE_MS = 60_000;

/** Seconds since 1970. */
export function expiryOf(retentionSeconds: number): number {
  return Date.now() / 1000 + retentionSeconds;
}

export function isExpired(expiresAtMs: number): boolean {
  return expiresAtMs <= Date.now();
}

export function isSweepable(expiresAtMs: number): boolean {
  return expiresAtMs + GRACE_MS <= Date.now();
}
