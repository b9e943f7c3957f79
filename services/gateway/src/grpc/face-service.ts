import type { handleUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import { type FaceServiceServer, FaceServiceService } from '@mien/proto';
import { type CallContext, type GrpcService, type RpcMetrics, unary } from '@mien/service';
import type { Logger } from 'pino';
import type { Admission } from '../usecases/admission';
import { Call } from '../usecases/call';
import type { FaceUseCases } from '../usecases/face-use-cases';
import type { TimeoutLimits } from '../usecases/timeout-limits';

const NAME = 'mien.v1.FaceService';

interface FaceServiceOptions {
  readonly useCases: FaceUseCases;
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
  readonly metrics: RpcMetrics;
  readonly logger: Logger;
}

/** mien.v1.FaceService for startGrpcServer. */
export function faceService(options: FaceServiceOptions): GrpcService {
  const { useCases } = options;
  const implementation: FaceServiceServer = {
    detect: handler('Detect', useCases.detect, options),
    compare: handler('Compare', useCases.compare, options),
    checkLiveness: handler('CheckLiveness', useCases.checkLiveness, options),
  };
  return { name: NAME, definition: definitionWithGentleReaders(), implementation };
}

function handler<Request, Response>(
  rpc: string,
  answer: (request: Request, call: Call) => Promise<Response>,
  { admission, timeouts, metrics, logger }: FaceServiceOptions,
): handleUnaryCall<Request, Response> {
  return unary({ method: `${NAME}/${rpc}`, metrics, logger }, (request, context) => {
    if (request instanceof MienError) {
      throw request;
    }
    return admission.admit(() => answerWithin(request, context, timeouts, answer));
  });
}

async function answerWithin<Request, Response>(
  request: Request,
  { timeLeftMs, signal }: CallContext,
  timeouts: TimeoutLimits,
  answer: (request: Request, call: Call) => Promise<Response>,
): Promise<Response> {
  const call = new Call(Math.min(Math.max(0, timeLeftMs ?? timeouts.defaultMs), timeouts.maximumMs));
  const onAbort = () => call.cancel(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await answer(request, call);
  } finally {
    call.close();
  }
}

/**
 * The service with readers that don't throw: grpc-js would call a message that it can't read, one with an unknown
 * enum value say, a fault of the server. The handler is given an ARGUMENT_INVALID in the request's place.
 */
function definitionWithGentleReaders(): ServiceDefinition {
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
