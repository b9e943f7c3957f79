import type { handleUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import { type CallContext, type GrpcService, type RpcMetrics, unary } from '@mien/service';
import type { Logger } from 'pino';
import type { Admission } from '../usecases/admission';
import { Call } from '../usecases/call';
import type { AnyService, Methods } from '../usecases/methods';
import type { TimeoutLimits } from '../usecases/timeout-limits';

interface FrontServiceOptions {
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
  readonly metrics: RpcMetrics;
  readonly logger: Logger;
}

type Answer = (request: never, call: Call) => Promise<unknown>;

/** A service of the front door for startGrpcServer: each of its calls is admitted, timed and answered by its method. */
export function frontService<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  options: FrontServiceOptions,
): GrpcService {
  const [any] = Object.values(definition);
  const answers: Readonly<Record<string, Answer>> = methods;
  const implementation = Object.entries(definition).map(([name, { path }]) => [
    name,
    handler(path.slice(1), answers[name], options),
  ]);
  return {
    name: any?.path.split('/')[1] ?? '',
    definition: withGentleReaders(definition),
    implementation: Object.fromEntries(implementation),
  };
}

function handler(
  method: string,
  answer: Answer | undefined,
  { admission, timeouts, metrics, logger }: FrontServiceOptions,
): handleUnaryCall<unknown, unknown> {
  return unary({ method, metrics, logger }, (request, context) => {
    if (request instanceof MienError) {
      throw request;
    }
    if (answer === undefined) {
      throw new MienError('INTERNAL', `nothing answers ${method}`);
    }
    return admission.admit(() => answerWithin(request, context, timeouts, answer));
  });
}

async function answerWithin(
  request: unknown,
  { timeLeftMs, signal }: CallContext,
  timeouts: TimeoutLimits,
  answer: Answer,
): Promise<unknown> {
  const call = new Call(Math.min(Math.max(0, timeLeftMs ?? timeouts.defaultMs), timeouts.maximumMs));
  const onAbort = () => call.cancel(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // The definition that read the request is the one that the answer's types come from.
    return await answer(request as never, call);
  } finally {
    call.close();
  }
}

/**
 * The service with readers that don't throw: grpc-js would call a message that it can't read, one with an unknown
 * enum value say, a fault of the server. The handler is given an ARGUMENT_INVALID in the request's place.
 */
function withGentleReaders(definition: AnyService): ServiceDefinition {
  const methods = Object.entries(definition).map(([name, method]) => {
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
