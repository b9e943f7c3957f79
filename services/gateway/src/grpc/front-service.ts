import type { handleUnaryCall } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import { type GrpcService, unary } from '@mien/service';
import type { Call } from '../usecases/call';
import type { AnyService, Methods } from '../usecases/methods';
import { admitted, type FrontOptions, withGentleReaders } from './front-door';

type Answer = (request: never, call: Call) => Promise<unknown>;

/** A service of the front door for startGrpcServer: each of its calls is admitted, timed and answered by its method. */
export function frontService<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  options: FrontOptions,
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
  options: FrontOptions,
): handleUnaryCall<unknown, unknown> {
  return unary({ ...options, method }, (request, context) => {
    if (request instanceof MienError) {
      throw request;
    }
    if (answer === undefined) {
      throw new MienError('INTERNAL', `nothing answers ${method}`);
    }
    // The definition that read the request is the one that the answer's types come from.
    return admitted(context, options, (call) => answer(request as never, call));
  });
}
