import { type ChannelCredentials, Client, credentials, Metadata, type MethodDefinition } from '@grpc/grpc-js';
import { fromServiceError, MienError } from '@mien/errors';
import { answersOf } from './answer-stream';
import { StreamAnswer, sendAll } from './request-stream';
import { withRetries } from './retry';
import type { CallSettings } from './settings';
import { type TlsOptions, tlsChannelOptions, tlsCredentials } from './tls';

export interface ClientOptions {
  /** Encrypts the connection; `{}` where a well-known authority signed the gateway's certificate. */
  readonly tls?: TlsOptions;
  /** Credentials for the channel instead; it is not encrypted without either. */
  readonly credentials?: ChannelCredentials;
  /** The key that is shown with every call: mien_ID_SECRET. */
  readonly apiKey?: string;
  /** For calls that set none. 30 s unless given. */
  readonly timeoutMs?: number;
  /**
   * Further attempts: of calls that change nothing when the service can't be reached, of any call that was refused with
   * a time after which to come back. 2 unless given.
   */
  readonly retries?: number;
  /** Told of each failure after which another attempt is made, and in how many milliseconds. */
  readonly onRetry?: (error: unknown, waitMs: number) => void;
}

interface StreamLimits {
  readonly deadline: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const FIRST_RETRY_WAIT_MS = 100;
/** 120 faces with meshes and templates are about 3 MB; this leaves room. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** A connection over which a call waits, a watch say, is tried so often: a peer that vanished is noticed. */
const KEEPALIVE_EVERY_MS = 20_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;

/** A gateway, as all parts of the client ask it. Connects when first asked. */
export class Channel {
  private readonly client: Client;
  private readonly metadata = new Metadata();
  private readonly timeoutMs: number;
  private readonly retries: number;
  private readonly onRetry: ClientOptions['onRetry'];

  constructor(address: string, options: ClientOptions) {
    this.client = new Client(address, credentialsOf(options), {
      'grpc.max_receive_message_length': MAX_RESPONSE_BYTES,
      'grpc.keepalive_time_ms': KEEPALIVE_EVERY_MS,
      'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
      ...tlsChannelOptions(options.tls ?? {}),
    });
    if (options.apiKey !== undefined) {
      this.metadata.set('authorization', `Bearer ${options.apiKey}`);
    }
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.retries = options.retries ?? DEFAULT_RETRIES;
    this.onRetry = options.onRetry;
  }

  /** A call that may be asked twice without harm: asked again when the service could not be reached. */
  read<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    settings: CallSettings,
  ): Promise<Response> {
    return this.attempts(method, request, settings, true);
  }

  /**
   * A call that changes something, as whoever was asked may have done it before the answer was lost: asked again only
   * when it was refused for load or for the key's rate.
   */
  write<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    settings: CallSettings,
  ): Promise<Response> {
    return this.attempts(method, request, settings, false);
  }

  /** A call that is answered with a stream, over one connection. The deadline is in milliseconds since 1970. */
  async *follow<Request, Response>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
    { deadline, signal }: StreamLimits,
  ): AsyncGenerator<Response, void, void> {
    signal?.throwIfAborted();
    const call = this.client.makeServerStreamRequest<Request, Response>(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      this.metadata,
      deadline === undefined ? {} : { deadline },
    );
    yield* answersOf(call, signal);
  }

  /**
   * A call whose requests are sent one by one, each when the one before is on its way: nothing is kept for another
   * attempt. Throws what reading the requests throws.
   */
  async stream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    requests: AsyncIterable<Request>,
    { timeoutMs, signal }: CallSettings,
  ): Promise<Response> {
    signal?.throwIfAborted();
    const { path, requestSerialize, responseDeserialize } = method;
    const answer = new StreamAnswer<Response>();
    const call = this.client.makeClientStreamRequest<Request, Response>(
      path,
      requestSerialize,
      responseDeserialize,
      this.metadata,
      { deadline: this.deadlineOf(timeoutMs) },
      answer.settle,
    );
    const onAbort = () => call.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([answer.promise, sendAll(requests, call).then(() => answer.promise)]);
    } catch (error) {
      call.cancel();
      throw signal?.aborted === true ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Calls under way are finished; new ones fail. */
  close(): void {
    this.client.close();
  }

  private attempts<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    { timeoutMs, signal }: CallSettings,
    harmless: boolean,
  ): Promise<Response> {
    const { retries, onRetry } = this;
    const deadline = this.deadlineOf(timeoutMs);
    return withRetries(() => this.ask(method, request, deadline, signal), {
      retries,
      firstWaitMs: FIRST_RETRY_WAIT_MS,
      deadline,
      harmless,
      signal,
      onRetry,
    });
  }

  private deadlineOf(timeoutMs: number | undefined): number {
    return Date.now() + (timeoutMs ?? this.timeoutMs);
  }

  private ask<Request, Response>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const call = this.client.makeUnaryRequest<Request, Response>(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        this.metadata,
        { deadline },
        (error, response) => {
          signal?.removeEventListener('abort', onAbort);
          if (error !== null) {
            reject(signal?.aborted === true ? signal.reason : fromServiceError(error));
          } else if (response === undefined) {
            reject(new MienError('INTERNAL', 'the service answered nothing'));
          } else {
            resolve(response);
          }
        },
      );
      const onAbort = () => call.cancel();
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function credentialsOf(options: ClientOptions): ChannelCredentials {
  const { tls } = options;
  return options.credentials ?? (tls === undefined ? credentials.createInsecure() : tlsCredentials(tls));
}
