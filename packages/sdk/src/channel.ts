import { type ChannelCredentials, Client, credentials, Metadata, type MethodDefinition } from '@grpc/grpc-js';
import { fromServiceError, MienError } from '@mien/errors';
import { StreamAnswer, sendAll } from './request-stream';
import { withRetries } from './retry';
import type { CallSettings } from './settings';
import { type TlsOptions, tlsChannelOptions, tlsCredentials } from './tls';

export interface ClientOptions {
  /** Encrypts the connection; `{}` where a well-known authority signed the gateway's certificate. */
  readonly tls?: TlsOptions;
  /** Credentials for the channel instead; it is not encrypted without either. */
  readonly credentials?: ChannelCredentials;
  /** For calls that set none. 30 s unless given. */
  readonly timeoutMs?: number;
  /** Further attempts, for calls that change nothing, when the service can't be reached. 2 unless given. */
  readonly retries?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const FIRST_RETRY_WAIT_MS = 100;
/** 120 faces with meshes and templates are about 3 MB; this leaves room. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** A gateway, as all parts of the client ask it. Connects when first asked. */
export class Channel {
  private readonly client: Client;
  private readonly timeoutMs: number;
  private readonly retries: number;

  constructor(address: string, options: ClientOptions) {
    this.client = new Client(address, credentialsOf(options), {
      'grpc.max_receive_message_length': MAX_RESPONSE_BYTES,
      ...tlsChannelOptions(options.tls ?? {}),
    });
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.retries = options.retries ?? DEFAULT_RETRIES;
  }

  /** A call that changes nothing: asked again when the service could not be reached. */
  read<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    { timeoutMs, signal }: CallSettings,
  ): Promise<Response> {
    const deadline = this.deadlineOf(timeoutMs);
    const limits = { retries: this.retries, firstWaitMs: FIRST_RETRY_WAIT_MS, deadline, signal };
    return withRetries(() => this.ask(method, request, deadline, signal), limits);
  }

  /** A call that changes something: asked once, as whoever was asked may have done it before the answer was lost. */
  write<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    { timeoutMs, signal }: CallSettings,
  ): Promise<Response> {
    return this.ask(method, request, this.deadlineOf(timeoutMs), signal);
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
      new Metadata(),
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
        new Metadata(),
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
