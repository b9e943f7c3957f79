import type { Registry } from '@bufbuild/protobuf';
import type { Metadata, ServiceDefinition } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import type { CallContext, OpenStreams, RpcMetrics } from '@mien/service';
import type { Logger } from 'pino';
import type { Doorkeeper } from '../access/doorkeeper';
import type { Visitor } from '../access/gate';
import type { Admission } from '../usecases/admission';
import { Call, type CallOrigin } from '../usecases/call';
import { checkBounds, checkRequestBytes, inputOf } from '../usecases/request-bounds';
import { MAX_STREAM_MS, type TimeoutLimits } from '../usecases/timeout-limits';

/** What every service of the front door needs. */
export interface FrontOptions {
  readonly doorkeeper: Doorkeeper;
  readonly admission: Admission;
  readonly openStreams: OpenStreams;
  readonly timeouts: TimeoutLimits;
  readonly metrics: RpcMetrics;
  readonly logger: Logger;
  /** The contract, against whose bounds requests are checked. */
  readonly registry: Registry;
}

/** Answers a call if there is room, within the time that the caller gives. */
export async function admitted<Response>(
  context: CallContext,
  method: string,
  { doorkeeper, admission, timeouts }: FrontOptions,
  answer: (call: Call) => Promise<Response>,
): Promise<Response> {
  const origin = await doorkeeper.enter(visitorOf(context), method);
  return admission.admit(async () => {
    const timeoutMs = Math.min(context.timeLeftMs ?? timeouts.defaultMs, timeouts.maximumMs);
    const call = callOf(context, timeoutMs, origin);
    try {
      return await answer(call);
    } finally {
      call.close();
    }
  });
}

/** Answers with many messages, if there is room for another stream: for as long as the caller wants. */
export async function* streamed<Response>(
  context: CallContext,
  method: string,
  { doorkeeper, openStreams }: FrontOptions,
  answer: (call: Call) => AsyncIterable<Response>,
): AsyncGenerator<Response, void, void> {
  const call = callOf(
    context,
    Math.min(context.timeLeftMs ?? MAX_STREAM_MS, MAX_STREAM_MS),
    await doorkeeper.enter(visitorOf(context), method),
  );
  try {
    yield* openStreams.hold(call.origin.principal.keyId, answer(call), call.signal);
  } finally {
    call.close();
  }
}

function visitorOf({ metadata, peer }: CallContext): Visitor {
  return { authorization: authorizationIn(metadata), peer };
}

export function authorizationIn(metadata: Metadata): string | undefined {
  return metadata.get('authorization')[0]?.toString();
}

function callOf({ signal }: CallContext, timeoutMs: number, origin: CallOrigin): Call {
  const call = new Call(Math.max(0, timeoutMs), origin);
  signal.addEventListener('abort', () => call.cancel(signal.reason), { once: true });
  return call;
}

/** What reading a method's requests needs of it. */
type ReadMethod = Pick<ServiceDefinition[string], 'path' | 'requestDeserialize'>;

/**
 * The service with readers that don't throw: grpc-js would call a message that it can't read, one with an unknown
 * enum value say, a fault of the server. The handler is given an ARGUMENT_INVALID in the request's place; also for
 * texts and lists beyond their bounds.
 */
export function withGentleReaders(
  definition: Readonly<Record<string, ReadMethod>>,
  registry: Registry,
): ServiceDefinition {
  const methods = Object.entries(definition).map(([name, method]) => [
    name,
    { ...method, requestDeserialize: gentleReader(method, registry) },
  ]);
  return Object.fromEntries(methods);
}

function gentleReader(
  { path, requestDeserialize }: ReadMethod,
  registry: Registry,
): (bytes: Buffer) => unknown {
  const message = inputOf(path, registry);
  if (message === undefined) {
    throw new MienError('INTERNAL', `the contract has no ${path}`);
  }
  return (bytes) => {
    try {
      checkRequestBytes(bytes.length, message);
      const request: unknown = requestDeserialize(bytes);
      checkBounds(request, message);
      return request;
    } catch (error) {
      return error instanceof MienError
        ? error
        : new MienError('ARGUMENT_INVALID', 'the request cannot be read', { cause: error });
    }
  };
}
