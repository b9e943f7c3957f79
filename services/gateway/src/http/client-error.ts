import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { MienError } from '@mien/errors';
import { errorAnswer } from './error-answer';

/** What Node's HTTP parser refuses, by its error codes; anything else that it can't read is a 400. */
const REFUSALS: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request took too long to arrive'],
  HPE_HEADER_OVERFLOW: [431, 'the headers are too long'],
};

/** Answers a request that never became one, on its bare socket, in the form of every other error. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) {
    return;
  }
  const [code, message] = REFUSALS[error.code ?? ''] ?? [400, 'the request is not HTTP'];
  const body = JSON.stringify(errorAnswer(new MienError('ARGUMENT_INVALID', message), code));
  if (socket.writable) {
    socket.write(
      [
        `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`,
        'Connection: close',
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy(error);
}
