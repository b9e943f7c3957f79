import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { asMienError, toServiceError } from '@mien/errors';

/** What a call is answered with: one message, or a stream of them. Throws the error to answer with. */
export type Answer = (method: string, request: never) => object | AsyncIterable<object>;

export interface Asked {
  readonly method: string;
  readonly request: object;
}

/** A gRPC server whose every method is answered by the test. */
export class AnsweringServer {
  readonly asked: Asked[] = [];
  answer: Answer = () => ({});
  private server = new Server();

  constructor(private readonly services: readonly ServiceDefinition[]) {}

  /** Answers the address. On a port of its own unless one is given. */
  async start(address = '127.0.0.1:0'): Promise<string> {
    this.server = new Server();
    for (const service of this.services) {
      this.server.addService(service, this.implementation(service));
    }
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    return `127.0.0.1:${port}`;
  }

  /** Calls under way are broken off. */
  stop(): void {
    this.server.forceShutdown();
  }

  private implementation(definition: ServiceDefinition): UntypedServiceImplementation {
    const handlers = Object.entries(definition).map(([method, { responseStream }]) => [
      method,
      responseStream ? this.streamed(method) : this.unary(method),
    ]);
    return Object.fromEntries(handlers);
  }

  private unary(method: string): handleUnaryCall<never, object> {
    return ({ request }, callback) => {
      this.asked.push({ method, request });
      try {
        callback(null, this.answer(method, request));
      } catch (error) {
        callback(toServiceError(asMienError(error)));
      }
    };
  }

  private streamed(method: string): handleServerStreamingCall<never, object> {
    return async (call) => {
      this.asked.push({ method, request: call.request });
      try {
        for await (const message of this.answer(method, call.request) as AsyncIterable<object>) {
          if (call.cancelled) {
            break;
          }
          call.write(message);
        }
        call.end();
      } catch (error) {
        call.emit('error', toServiceError(asMienError(error)));
      }
    };
  }
}
