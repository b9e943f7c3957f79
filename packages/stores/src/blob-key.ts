import { createHash } from 'node:crypto';
import { MienError } from '@mien/errors';

const PREFIX = /^[a-z0-9-]{1,32}$/;
const KEY = /^([a-z0-9-]{1,32})\/([0-9a-f]{64})$/;

/** Lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `prefix/sha256`. Throws ARGUMENT_INVALID for a prefix that could mean another folder. */
export function blobKey(prefix: string, sha256: string): string {
  if (!PREFIX.test(prefix)) {
    throw new MienError('ARGUMENT_INVALID', 'a blob prefix is 1 to 32 lower-case letters, digits or dashes', {
      metadata: { field: 'prefix' },
    });
  }
  return `${prefix}/${sha256}`;
}

/** The parts of a key that came from outside; undefined when it is not one that blobKey makes. */
export function parseBlobKey(key: string): { prefix: string; sha256: string } | undefined {
  const match = KEY.exec(key);
  const prefix = match?.[1];
  const sha256 = match?.[2];
  return prefix === undefined || sha256 === undefined ? undefined : { prefix, sha256 };
}
