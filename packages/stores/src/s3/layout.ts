import type { KeyParts } from '../blob-key';
import { FOREVER_SECONDS } from '../expiry';

/** Where in the bucket blobs that stay lie, and those with a retention. */
export const KEPT = 'kept/';
export const TEMPORARY = 'temporary/';

const EXPIRES_AT = 'mien-expires-at';

export function keptName({ prefix, name }: KeyParts): string {
  return `${KEPT}${prefix}/${name}`;
}

export function temporaryName({ prefix, name }: KeyParts): string {
  return `${TEMPORARY}${prefix}/${name}`;
}

/** Of a temporary blob; `expiresAt` in seconds since 1970. */
export function metadataOf(expiresAt: number): Record<string, string> {
  return { [EXPIRES_AT]: expiresAt.toFixed(3) };
}

/** Seconds since 1970; an object that does not tell stays. */
export function expiryIn(metadata: Readonly<Record<string, unknown>>): number {
  const expiresAt = Number(metadata[EXPIRES_AT]);
  return Number.isFinite(expiresAt) ? expiresAt : FOREVER_SECONDS;
}
