import { MienError } from '@mien/errors';

/** What servers answer for an object that is not there; a HEAD has no body to say it in. */
const MISSING = new Set(['NoSuchKey', 'NotFound']);
/** A server may close a connection that it kept open just when the next request goes out on it. */
const CLOSED = new Set(['ECONNRESET', 'EPIPE']);

export function isMissing(error: unknown): boolean {
  return MISSING.has(codeOf(error));
}

export function isClosed(error: unknown): boolean {
  return CLOSED.has(codeOf(error));
}

export function unavailable(error: unknown): MienError {
  return error instanceof MienError
    ? error
    : new MienError('OBJECT_STORE_UNAVAILABLE', "the object store can't be reached or refuses its service", {
        cause: error,
      });
}

/** The code of an S3 error or a system error; empty when it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
