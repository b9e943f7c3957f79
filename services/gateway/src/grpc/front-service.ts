import { MienError } from '@mien/errors';
import { type CallContext, type GrpcService, serverStream, unary } from '@mien/service';
import type { Call } from '../usecases/call';
import type { AnyService, Methods } from '../usecases/methods';
import { admitted, type FrontOptions, streamed, withGentleReaders } from './front-door';

type Method = AnyService[string];
type Answer = (request: never, call: Call) => Promise<unknown> | AsyncIterable<unknown>;

/** A service of the front door for startGrpcServer: each of its calls is admitted, timed and answered by its method. */
export function frontService<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  options: FrontOptions,
): GrpcService {
  const [any] = Object.values(definition);
  const answers: Readonly<Record<string, Answer>> = methods;
  const implementation = Object.entries(definition).map(([name, method]) => [
    name,
    handler(method, answers[name], options),
  ]);
  return {
    name: any?.path.split('/')[1] ?? '',
    definition: withGentleReaders(definition, options.registry),
    implementation: Object.fromEntries(implementation),
  };
}

/** The definition that reads a request is the one that its answer's types come from: both fit the method. */
function handler({ path, responseStream }: Method, answer: Answer | undefined, options: FrontOptions) {
  const method = path.slice(1);
  if (responseStream) {
    return serverStream({ ...options, method }, (request, context: CallContext) =>
      streamed(
        context,
        method,
        options,
        (call) => answerOf(method, answer, request)(request as never, call) as AsyncIterable<unknown>,
      ),
    );
  }
  return unary({ ...options, method }, (request, context: CallContext) =>
    admitted(
      context,
      method,
      options,
      // Only now is told what is wrong with the request: to who may ask.
      async (call) => answerOf(method, answer, request)(request as never, call) as Promise<unknown>,
    ),
  );
}

/** What answers the request, if it could be read. */
function answerOf(method: string, answer: Answer | undefined, request: unknown): Answer {
  if (request instanceof MienError) {
    throw request;
  }
  if (answer === undefined) {
    throw new MienError('INTERNAL', `nothing answers ${method}`);
  }
  return answer;
}
