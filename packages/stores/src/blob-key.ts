import { createHash } from 'node:crypto';
import { MienError } from '@mien/errors';

const PREFIX = /^[a-z0-9-]{1,32}$/;
const SCOPE = /^[a-z0-9]{1,64}$/;
const KEY = /^([a-z0-9-]{1,32})\/(([0-9a-f]{64})(?:-[a-z0-9]{1,64})?)$/;

/** Lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * `prefix/sha256`, or `prefix/sha256-scope`. Throws ARGUMENT_INVALID for a prefix or scope that could mean
 * another folder.
 */
export function blobKey(prefix: string, sha256: string, scope?: string): string {
  if (!PREFIX.test(prefix) || (scope !== undefined && !SCOPE.test(scope))) {
    throw new MienError(
      'ARGUMENT_INVALID',
      'a blob prefix or scope is made of lower-case letters and digits',
      {
        metadata: { field: 'prefix' },
      },
    );
  }
  return `${prefix}/${sha256}${scope === undefined ? '' : `-${scope}`}`;
}

export interface KeyParts {
  readonly prefix: string;
  /** The hash, with the scope if there is one. */
  readonly name: string;
  readonly sha256: string;
}

/** The parts of a key that came from outside; undefined when it is not one that blobKey makes. */
export function parseBlobKey(key: string): KeyParts | undefined {
  const [, prefix, name, sha256] = KEY.exec(key) ?? [];
  return prefix === undefined || name === undefined || sha256 === undefined
    ? undefined
    : { prefix, name, sha256 };
}
