import { MienError } from '@mien/errors';

/** Says nothing of the address itself: what a name resolves to inside this network is not the caller's to know. */
export function forbidden(): MienError {
  return new MienError('URL_FORBIDDEN', 'the url leads to a network that is not called from here');
}

/**
 * URL_FORBIDDEN, when a connection failed for that: what the lookup threw comes as it was, as a cause, or among the
 * failures of several addresses.
 */
export function forbiddenWithin(error: unknown): MienError | undefined {
  if (error instanceof MienError) {
    return error.reason === 'URL_FORBIDDEN' ? forbidden() : undefined;
  }
  if (error instanceof AggregateError) {
    return error.errors.map(forbiddenWithin).find((found) => found !== undefined);
  }
  return error instanceof Error && error.cause !== undefined ? forbiddenWithin(error.cause) : undefined;
}
