import type {
  handleUnaryCall,
  ServerUnaryCall,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import { type FaceServiceServer, FaceServiceService } from '@mien/proto';
import type { TimeoutLimits } from '../http/request-timeout';
import type { Admission } from '../usecases/admission';
import { Call } from '../usecases/call';
import type { FaceUseCases } from '../usecases/face-use-cases';

type ToStatus = (thrown: unknown) => Parameters<Parameters<handleUnaryCall<unknown, unknown>>[1]>[0];

interface FaceServiceOptions {
  readonly useCases: FaceUseCases;
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
  /** Writes an error as a gRPC status with its details. */
  readonly toStatus: ToStatus;
}

/** mien.v1.FaceService as grpc-js wants it. */
export function faceServiceHandlers(
  options: FaceServiceOptions,
): FaceServiceServer & UntypedServiceImplementation {
  const { useCases } = options;
  return {
    detect: unary(options, useCases.detect),
    compare: unary(options, useCases.compare),
    checkLiveness: unary(options, useCases.checkLiveness),
  };
}

function unary<Request, Response>(
  { admission, timeouts, toStatus }: FaceServiceOptions,
  answer: (request: Request, call: Call) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (grpcCall, callback) => {
    admission
      .admit(() => answerWithin(grpcCall, timeouts, answer))
      .then((response) => callback(null, response))
      .catch((error: unknown) => callback(toStatus(error)));
  };
}

async function answerWithin<Request, Response>(
  grpcCall: ServerUnaryCall<Request, Response>,
  timeouts: TimeoutLimits,
  answer: (request: Request, call: Call) => Promise<Response>,
): Promise<Response> {
  const { request } = grpcCall;
  if (request instanceof MienError) {
    throw request;
  }
  const call = new Call(remainingMs(grpcCall.getDeadline(), timeouts));
  grpcCall.once('cancelled', () => call.cancel());
  if (grpcCall.cancelled) {
    call.cancel();
  }
  try {
    return await answer(request, call);
  } finally {
    call.close();
  }
}

function remainingMs(deadline: Date | number, timeouts: TimeoutLimits): number {
  const at = Number(deadline);
  if (!Number.isFinite(at)) {
    return timeouts.defaultMs;
  }
  return Math.min(Math.max(0, at - Date.now()), timeouts.maximumMs);
}

/**
 * The service with readers that don't throw: grpc-js would call a message that it can't read, an unknown enum
 * value say, a fault of the server. The handler is given an ARGUMENT_INVALID in the request's place.
 */
export function faceServiceDefinition(): ServiceDefinition {
  const methods = Object.entries(FaceServiceService).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes);
      } catch (error) {
        return new MienError('ARGUMENT_INVALID', 'the request cannot be read', { cause: error });
      }
    };
    return [name, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(methods);
}
