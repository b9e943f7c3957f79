import { connect } from 'node:net';

/** What an HTTP server wrote until it closed the connection. */
export interface RawResponse {
  /** Undefined when there was no status line. */
  readonly status: number | undefined;
  readonly headers: string;
  readonly body: string;
  /** All of it. */
  readonly text: string;
}

/** Milliseconds after which a request that may not be whole is ended from our side. */
const PATIENCE_MS = 150;

/** Writes bytes to a port and reads until the other side closes. */
export function exchange(address: string, bytes: Buffer, whole: boolean): Promise<RawResponse> {
  const [host = '', port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), allowHalfOpen: true });
    const chunks: Buffer[] = [];
    const patience = whole ? undefined : setTimeout(() => socket.end(), PATIENCE_MS);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    // Who is refused early may still be writing: a reset then is no fault.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(patience);
      resolve(readResponse(Buffer.concat(chunks).toString('utf8')));
    });
    socket.write(bytes);
  });
}

function readResponse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  const headers = end === -1 ? text : text.slice(0, end);
  const body = end === -1 ? '' : text.slice(end + 4);
  return {
    status: status === undefined ? undefined : Number(status),
    headers,
    body: /^transfer-encoding: chunked/im.test(headers) ? unchunked(body) : body,
    text,
  };
}

function unchunked(body: string): string {
  let rest = Buffer.from(body);
  let whole = '';
  for (;;) {
    const end = rest.indexOf('\r\n');
    const length = Number.parseInt(rest.toString('latin1', 0, Math.max(0, end)), 16);
    if (end === -1 || !(length > 0)) {
      return whole;
    }
    whole += rest.toString('utf8', end + 2, end + 2 + length);
    rest = rest.subarray(end + 4 + length);
  }
}
