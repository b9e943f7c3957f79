import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { ErrorInfo, Status } from '@mien/proto';

/** What came back, whatever it was. */
export interface RawAnswer {
  readonly httpStatus: number;
  /** Undefined when none came. */
  readonly grpcStatus: number | undefined;
  readonly message: string;
  /** Of the ErrorInfo of ours, if there is one. */
  readonly reason: string | undefined;
  /** Everything that was told, for looking through. */
  readonly text: string;
  readonly bytes: number;
  /** The stream was broken off. */
  readonly broken: string | undefined;
}

/** gRPC as bytes: headers and frames may be anything. */
export class RawGrpc {
  private session: ClientHttp2Session | undefined;

  constructor(private readonly address: string) {}

  call(headers: OutgoingHttpHeaders, body: readonly Buffer[]): Promise<RawAnswer> {
    return callOver(this.open(), headers, body);
  }

  /** Over a connection of its own: servers count what is wrong with one, and close it after some. */
  async callApart(headers: OutgoingHttpHeaders, body: readonly Buffer[]): Promise<RawAnswer> {
    const session = this.connect();
    try {
      return await callOver(session, headers, body);
    } finally {
      session.destroy();
    }
  }

  close(): void {
    this.session?.destroy();
  }

  private open(): ClientHttp2Session {
    if (this.session === undefined || this.session.closed || this.session.destroyed) {
      this.session = this.connect();
    }
    return this.session;
  }

  private connect(): ClientHttp2Session {
    return connect(`http://${this.address}`).on('error', () => undefined);
  }
}

function callOver(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: readonly Buffer[],
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    const answer = { head: {} as IncomingHttpHeaders, trailers: {} as IncomingHttpHeaders };
    const chunks: Buffer[] = [];
    let broken: string | undefined;
    stream.on('response', (head) => {
      answer.head = head;
    });
    stream.on('trailers', (trailers) => {
      answer.trailers = trailers;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', (error: Error) => {
      broken = error.message;
    });
    stream.on('close', () => {
      broken ??= stream.rstCode === 0 ? undefined : `reset with ${stream.rstCode}`;
      try {
        resolve(readAnswer({ ...answer.head, ...answer.trailers }, Buffer.concat(chunks), broken));
      } catch (error) {
        reject(error);
      }
    });
    for (const piece of body) {
      stream.write(piece);
    }
    stream.end();
  });
}

function readAnswer(headers: IncomingHttpHeaders, body: Buffer, broken: string | undefined): RawAnswer {
  const status = headers['grpc-status'];
  const details = headers['grpc-status-details-bin'];
  const message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  const info = typeof details === 'string' ? infoIn(Buffer.from(details, 'base64')) : undefined;
  return {
    httpStatus: Number(headers[':status'] ?? 0),
    grpcStatus: typeof status === 'string' ? Number(status) : undefined,
    message,
    reason: info?.domain === 'mien' ? info.reason : undefined,
    text: `${JSON.stringify(headers)}\n${message}\n${JSON.stringify(info)}\n${body.toString('latin1')}`,
    bytes: body.length,
    broken,
  };
}

function infoIn(bytes: Buffer): ErrorInfo | undefined {
  const any = Status.decode(bytes).details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ErrorInfo'));
  return any === undefined ? undefined : ErrorInfo.decode(any.value);
}
