import {
  type ChannelCredentials,
  Client,
  connectivityState,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { fromServiceError, MienError } from '@mien/errors';
import { context, propagation, type TextMapSetter } from '@opentelemetry/api';
import type { Call } from '../usecases/call';
import type { AskedMethod } from '../usecases/methods';
import type { LibraryCalls } from '../usecases/ports';

export interface LibraryClientOptions {
  /** host:port of the library's gRPC. */
  readonly address: string;
  /** How long a call waits for the connection; a part of its own time at most. */
  readonly connectTimeoutMs: number;
  /** Plain text without. */
  readonly credentials?: ChannelCredentials | undefined;
  /** The name in the library's certificate; that of the address unless given. */
  readonly serverName?: string | undefined;
}

/** A page of 1000 persons with 20 faces each is a few MB; this leaves room. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** A library that comes back is found again this soon. */
const LONGEST_RECONNECT_WAIT_MS = 1_000;
/** Of a call's time that may pass before it is told that nobody is there, so that the answer is still in time. */
const CONNECT_SHARE = 0.5;

/** The library's process, over gRPC. Connects when first called, and again whenever it has to. */
export class LibraryClient implements LibraryCalls {
  private readonly client: Client;

  constructor(private readonly options: LibraryClientOptions) {
    this.client = new Client(options.address, options.credentials ?? credentials.createInsecure(), {
      'grpc.max_receive_message_length': MAX_RESPONSE_BYTES,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_WAIT_MS,
      ...(options.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': options.serverName }),
    });
  }

  /**
   * Passes a call on, with what is left of its time and the trace that it belongs to. Rejects with the library's own
   * error, LIBRARY_UNAVAILABLE when it can't be reached, or the reason of the call's signal.
   */
  call<Request, Response>(
    method: AskedMethod<Request, Response>,
    request: Request,
    call: Call,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      call.signal.throwIfAborted();
      const sent = this.client.makeUnaryRequest<Request, Response>(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        traceOfNow(),
        { deadline: Date.now() + call.remainingMs },
        (error, response) => {
          clearTimeout(connecting);
          call.signal.removeEventListener('abort', onAbort);
          if (error === null && response !== undefined) {
            resolve(response);
          } else {
            reject(this.errorOf(error, call));
          }
        },
      );
      const onAbort = () => sent.cancel();
      call.signal.addEventListener('abort', onAbort, { once: true });
      const connecting = setTimeout(
        () => {
          if (!this.connected) {
            reject(this.unavailable());
            sent.cancel();
          }
        },
        Math.min(this.options.connectTimeoutMs, call.remainingMs * CONNECT_SHARE),
      );
    });
  }

  close(): void {
    this.client.close();
  }

  private get connected(): boolean {
    return this.client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  private errorOf(error: ServiceError | null, call: Call): unknown {
    if (call.signal.aborted) {
      return call.signal.reason;
    }
    if (error === null) {
      return new MienError('INTERNAL', 'the library answered nothing');
    }
    const told = fromServiceError(error);
    // An error of the transport has no reason of ours, and the nearest to its status would blame the bus.
    return error.code === status.UNAVAILABLE && told.reason === 'BUS_UNAVAILABLE'
      ? this.unavailable(error)
      : told;
  }

  private unavailable(cause?: unknown): MienError {
    return new MienError('LIBRARY_UNAVAILABLE', 'the library can not be reached', { cause });
  }
}

const SETTER: TextMapSetter<Metadata> = { set: (metadata, key, value) => metadata.set(key, value) };

function traceOfNow(): Metadata {
  const metadata = new Metadata();
  propagation.inject(context.active(), metadata, SETTER);
  return metadata;
}
