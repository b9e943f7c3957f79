import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { answerCall, type CallContext, type MethodOptions } from './answer-call';

/**
 * As unary, for a method that is sent many messages. They are read as the function asks for them: a caller that is
 * faster has to wait. It may answer before the last one.
 */
export function clientStream<Request, Response>(
  options: MethodOptions,
  handle: (requests: AsyncIterable<Request>, call: CallContext) => Promise<Response>,
): handleClientStreamingCall<Request, Response> {
  // Not destroyed by a reader that has enough: the answer goes out over the same stream.
  return (call, callback) =>
    answerCall(options, call, callback, (context) =>
      handle(call.iterator({ destroyOnReturn: false }), context),
    );
}
