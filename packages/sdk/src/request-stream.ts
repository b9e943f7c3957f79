import { once } from 'node:events';
import type { ClientWritableStream, ServiceError } from '@grpc/grpc-js';
import { fromServiceError, MienError } from '@mien/errors';

/** The one answer to a stream of requests. */
export class StreamAnswer<Response> {
  readonly promise: Promise<Response>;
  /** What gRPC calls with the answer. */
  readonly settle: (error: ServiceError | null, response?: Response) => void;

  constructor() {
    let settle: StreamAnswer<Response>['settle'] = () => undefined;
    this.promise = new Promise((resolve, reject) => {
      settle = (error, response) => {
        if (error !== null) {
          reject(fromServiceError(error));
        } else if (response === undefined) {
          reject(new MienError('INTERNAL', 'the service answered nothing'));
        } else {
          resolve(response);
        }
      };
    });
    this.settle = settle;
  }
}

/**
 * Sends the requests as fast as they are taken, the next one asked for when the one before was. Stops asking when the
 * call has ended. Throws what the source throws.
 */
export async function sendAll<Request>(
  requests: AsyncIterable<Request>,
  call: ClientWritableStream<Request>,
): Promise<void> {
  const ended = new AbortController();
  call.once('status', () => ended.abort());
  for await (const request of requests) {
    if (ended.signal.aborted) {
      return;
    }
    if (!call.write(request)) {
      await drained(call, ended.signal);
    }
  }
  call.end();
}

/** When there is room again, or nobody is there to read any more. */
async function drained(call: NodeJS.EventEmitter, ended: AbortSignal): Promise<void> {
  try {
    await once(call, 'drain', { signal: ended });
  } catch (error) {
    if (!ended.aborted) {
      throw error;
    }
  }
}
