import {
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { LibraryJobServiceService, LibraryServiceService } from '@mien/proto';

export interface AskedCall {
  readonly method: string;
  readonly request: object;
  readonly metadata: Metadata;
  readonly timeLeftMs: number;
}

/** What the library's process answers; a promise that stays open leaves the caller waiting. */
type Answer = (call: AskedCall) => object | Promise<object>;

/** A library's gRPC at the edge of the test, which says what it answers. */
export class LibraryServer {
  readonly asked: AskedCall[] = [];
  answer: Answer = () => ({});
  private readonly server = new Server();

  private constructor() {
    for (const definition of [LibraryServiceService, LibraryJobServiceService]) {
      this.server.addService(definition, this.implementation(definition));
    }
  }

  /** @param port 0 for any free one */
  static async start(port: number): Promise<{ library: LibraryServer; port: number }> {
    const library = new LibraryServer();
    const bound = await new Promise<number>((resolve, reject) =>
      library.server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, taken) =>
        error === null ? resolve(taken) : reject(error),
      ),
    );
    return { library, port: bound };
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private implementation(definition: ServiceDefinition): UntypedServiceImplementation {
    const handlers = Object.keys(definition).map((method) => {
      const handle: handleUnaryCall<object, object> = (call, callback) => {
        const { request, metadata } = call;
        const timeLeftMs = Number(call.getDeadline()) - Date.now();
        const asked = { method, request, metadata, timeLeftMs };
        this.asked.push(asked);
        Promise.resolve()
          .then(() => this.answer(asked))
          .then(
            (response) => callback(null, response),
            (error: ServiceError) => callback(error),
          );
      };
      return [method, handle];
    });
    return Object.fromEntries(handlers);
  }
}
