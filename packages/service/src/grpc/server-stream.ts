import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import { attend, type CallContext, type MethodOptions } from './answer-call';
import { orAborted } from './or-aborted';

/**
 * As unary, for a method that answers with many messages. The next one is asked for when the caller has taken the last:
 * a slow reader makes its source wait and fills no memory. When the caller goes, the signal aborts and the source is
 * told to return.
 */
export function serverStream<Request, Response>(
  options: MethodOptions,
  handle: (request: Request, call: CallContext) => AsyncIterable<Response>,
): handleServerStreamingCall<Request, Response> {
  return (call) =>
    attend(
      options,
      call,
      async (context) => {
        const answers = handle(call.request, context)[Symbol.asyncIterator]();
        const { openStreams, streamMessages } = options.metrics;
        const attributes = { method: options.method };
        openStreams.add(1, attributes);
        try {
          await sendAll(answers, call, context.signal, () => streamMessages.add(1, attributes));
        } finally {
          openStreams.add(-1, attributes);
        }
      },
      // With the status of an error: https://grpc.github.io/grpc/node/grpc-ServerWritableStream.html
      { done: () => call.end(), failed: (error) => call.emit('error', error) },
    );
}

async function sendAll<Request, Response>(
  answers: AsyncIterator<Response>,
  call: ServerWritableStream<Request, Response>,
  signal: AbortSignal,
  sent: () => void,
): Promise<void> {
  try {
    for (;;) {
      const next = await orAborted(answers.next(), signal);
      if (next.done === true) {
        return;
      }
      await orAborted(written(call, next.value), signal);
      sent();
    }
  } finally {
    // Not awaited: a source that is in the middle of something may take its time, and nobody listens any more.
    answers.return?.()?.catch(() => undefined);
  }
}

/** Settles when there is room for another message. */
function written<Request, Response>(
  call: ServerWritableStream<Request, Response>,
  message: Response,
): Promise<void> {
  return new Promise((resolve, reject) => {
    call.write(message, (error?: Error | null) => (error ? reject(error) : resolve()));
  });
}
