import type { handleUnaryCall } from '@grpc/grpc-js';
import { answerCall, type CallContext, type MethodOptions } from './answer-call';

/** A function as a gRPC method: traced, measured, its errors answered with their stable reasons. */
export function unary<Request, Response>(
  options: MethodOptions,
  handle: (request: Request, call: CallContext) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => answerCall(options, call, callback, (context) => handle(call.request, context));
}
