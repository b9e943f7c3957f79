import type { ServiceDefinition } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import type { CallContext, RpcMetrics } from '@mien/service';
import type { Logger } from 'pino';
import type { Admission } from '../usecases/admission';
import { Call } from '../usecases/call';
import type { TimeoutLimits } from '../usecases/timeout-limits';

/** What every service of the front door needs. */
export interface FrontOptions {
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
  readonly metrics: RpcMetrics;
  readonly logger: Logger;
}

/** Answers a call if there is room, within the time that the caller gives. */
export function admitted<Response>(
  { timeLeftMs, signal }: CallContext,
  { admission, timeouts }: FrontOptions,
  answer: (call: Call) => Promise<Response>,
): Promise<Response> {
  return admission.admit(async () => {
    const call = new Call(Math.min(Math.max(0, timeLeftMs ?? timeouts.defaultMs), timeouts.maximumMs));
    const onAbort = () => call.cancel(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await answer(call);
    } finally {
      call.close();
    }
  });
}

/** What reading a method's requests needs of it. */
type ReadMethod = Pick<ServiceDefinition[string], 'requestDeserialize'>;

/**
 * The service with readers that don't throw: grpc-js would call a message that it can't read, one with an unknown
 * enum value say, a fault of the server. The handler is given an ARGUMENT_INVALID in the request's place.
 */
export function withGentleReaders(definition: Readonly<Record<string, ReadMethod>>): ServiceDefinition {
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
