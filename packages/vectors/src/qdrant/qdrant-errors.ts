import { MienError } from '@mien/errors';

/** The HTTP status that Qdrant answered with, if it answered. */
export function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/**
 * Calls Qdrant. What it could not be reached for, was too busy for or no longer has becomes VECTOR_INDEX_UNAVAILABLE, a
 * refused key CONFIGURATION_INVALID, and what it did not understand INTERNAL.
 */
export async function asking<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    throw cause instanceof MienError ? cause : mienErrorOf(cause);
  }
}

function mienErrorOf(cause: unknown): MienError {
  const status = statusOf(cause);
  if (status === 401 || status === 403) {
    return new MienError('CONFIGURATION_INVALID', 'Qdrant refuses the API key', { cause });
  }
  if (status === 400 || status === 409 || status === 422) {
    return new MienError('INTERNAL', 'Qdrant does not accept the request', { cause });
  }
  return new MienError('VECTOR_INDEX_UNAVAILABLE', 'the vector index in Qdrant does not answer', { cause });
}
