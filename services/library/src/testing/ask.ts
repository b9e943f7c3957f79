import { Client, credentials, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { fromServiceError } from '@mien/errors';

/** Calls services that listen on a port of this machine. */
export class Asker {
  private readonly client: Client;

  constructor(port: number) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Rejects with the MienError that the call failed with; its cause is gRPC's own. */
  ask<Request, Response>(method: MethodDefinition<Request, Response>, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method;
      this.client.makeUnaryRequest<Request, Response>(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        (error: ServiceError | null, response?: Response) => {
          if (response === undefined) {
            reject(error === null ? new Error('no answer') : fromServiceError(error));
          } else {
            resolve(response);
          }
        },
      );
    });
  }

  close(): void {
    this.client.close();
  }
}
