import { createHash } from 'node:crypto';
import { MienError } from '@mien/errors';

const PREFIX = /^[a-z0-9-]{1,32}$/;
const SCOPE = /^[a-z0-9]{1,64}$/;
const KEY = /^([a-z0-9-]{1,32})\/(([0-9a-f]{64})(?:-[a-z0-9]{1,64})?)$/;

/** Lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface KeyParts {
  readonly prefix: string;
  /** The digest, with the scope if there is one. */
  readonly name: string;
  /** The SHA-256 of the bytes, or what stands for it where the store encrypts. */
  readonly digest: string;
}

/**
 * The parts of `prefix/digest` or `prefix/digest-scope`. Throws ARGUMENT_INVALID for a prefix or scope that could
 * mean another folder.
 */
export function keyParts(prefix: string, digest: string, scope?: string): KeyParts {
  if (scope !== undefined && !SCOPE.test(scope)) {
    throw invalid('scope');
  }
  checkPrefix(prefix);
  return { prefix, digest, name: scope === undefined ? digest : `${digest}-${scope}` };
}

export function checkPrefix(prefix: string): void {
  if (!PREFIX.test(prefix)) {
    throw invalid('prefix');
  }
}

export function keyOfParts({ prefix, name }: KeyParts): string {
  return `${prefix}/${name}`;
}

/** The parts of a key that came from outside; undefined when it is none of ours. */
export function parseBlobKey(key: string): KeyParts | undefined {
  const [, prefix, name, digest] = KEY.exec(key) ?? [];
  return prefix === undefined || name === undefined || digest === undefined
    ? undefined
    : { prefix, name, digest };
}

function invalid(field: string): MienError {
  return new MienError('ARGUMENT_INVALID', `a blob's ${field} is made of lower-case letters and digits`, {
    metadata: { field },
  });
}
