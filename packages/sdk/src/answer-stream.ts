import { type ClientReadableStream, type ServiceError, status } from '@grpc/grpc-js';
import { fromServiceError, MienError } from '@mien/errors';

/**
 * The answers of a call, as they come. The call is given up when its reader leaves or the signal says so. Throws the
 * call's MienError, or the signal's reason.
 */
export async function* answersOf<Response>(
  call: ClientReadableStream<Response>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Response, void, void> {
  const onAbort = () => call.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  // A call that is given up ends with an error that nobody waits for any more.
  call.on('error', () => undefined);
  try {
    for await (const answer of call) {
      yield answer as Response;
    }
    signal?.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    throw isServiceError(error) ? streamError(error) : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    call.cancel();
  }
}

/** A call that is broken off, and not by us, ends as one whose service goes down. */
function streamError(error: ServiceError): MienError {
  return error.code === status.CANCELLED
    ? new MienError('SHUTTING_DOWN', 'the service broke the call off', { cause: error })
    : fromServiceError(error);
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}
