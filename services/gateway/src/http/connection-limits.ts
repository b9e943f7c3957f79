import type { IncomingMessage, ServerResponse } from 'node:http';
import { MienError } from '@mien/errors';
import type { FastifyInstance } from 'fastify';
import { errorAnswer } from './error-answer';

/** Of Node's own server; what it would answer itself, without a body, is answered here. */
export const HTTP_SERVER_OPTIONS = {
  maxHeaderSize: 16 * 1024,
  /** Headers are one packet or two; who sends them byte by byte holds a place for nothing. */
  headersTimeout: 15_000,
  /** How often times are looked at. */
  connectionsCheckingInterval: 5_000,
  requireHostHeader: false,
} as const;

export interface ConnectionLimits {
  /** Open at once; further ones are closed unheard. */
  readonly connections: number;
  /** Requests of which something is still to come. */
  readonly arriving: number;
  /** After so long without a byte in either direction a connection is closed. */
  readonly idleMs: number;
}

export const CONNECTION_LIMITS = { connections: 4_096, arriving: 1_024 } as const;

const EXPECTATION_FAILED = 417;

/** Bounds what clients may hold of an HTTP port, whatever they ask for. */
export function limitConnections(
  app: FastifyInstance,
  { connections, arriving, idleMs }: ConnectionLimits,
): void {
  app.server.maxConnections = connections;
  app.server.setTimeout(idleMs, (socket) => socket.destroy());
  app.server.on('checkExpectation', refuseExpectation);
  let open = 0;
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.httpVersionMinor > 0 && raw.headers.host === undefined) {
      throw new MienError('ARGUMENT_INVALID', 'the request names no host', { metadata: { field: 'Host' } });
    }
    if (open >= arriving) {
      throw new MienError('OVERLOADED', `${arriving} requests are arriving; try again later`, {
        metadata: { limit: 'arriving', maximum: String(arriving) },
      });
    }
    open += 1;
    raw.once('close', () => {
      open -= 1;
    });
  });
}

function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const message = `the expectation ${request.headers.expect} is not met here`;
  const answer = errorAnswer(new MienError('ARGUMENT_INVALID', message), EXPECTATION_FAILED);
  response
    .writeHead(EXPECTATION_FAILED, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
    .end(JSON.stringify(answer));
}
