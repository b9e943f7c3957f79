import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { answerClientError } from './client-error';
import { HTTP_SERVER_OPTIONS, limitConnections } from './connection-limits';
import { answerTo } from './error-answer';

describe('limits of connections', () => {
  let app: FastifyInstance;
  let sockets: Socket[];

  const serve = async (limits: { connections?: number; arriving?: number; idleMs?: number }) => {
    const http = { ...HTTP_SERVER_OPTIONS, headersTimeout: 100, connectionsCheckingInterval: 20 };
    app = fastify({ http, clientErrorHandler: answerClientError });
    app.setErrorHandler((thrown, _, reply) => {
      const { answer } = answerTo(thrown);
      return reply.code(answer.error.code).send(answer);
    });
    limitConnections(app, { connections: 100, arriving: 100, idleMs: 60_000, ...limits });
    app.post('/', async () => ({ done: true }));
    await app.listen({ host: '127.0.0.1', port: 0 });
  };

  /** What the server wrote until it closed. */
  const textFrom = async (socket: Socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await once(socket, 'close');
    return text;
  };

  const send = async (text: string) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };

  beforeEach(() => {
    sockets = [];
  });

  afterEach(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await app.close();
  });

  it('close those that are too many, unheard', async () => {
    await serve({ connections: 1 });
    const first = await send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n');
    const second = await send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    expect(await textFrom(second)).toBe('');
    first.write('{}');
    expect(String(await once(first, 'data'))).toMatch(/^HTTP\/1.1 (200|415)/);
  });

  it('refuse requests while too many are arriving', async () => {
    await serve({ arriving: 1 });
    await send('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{');
    // Two requests on two connections: the first is surely read before its neighbour's connection is accepted.
    const second = await send('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    expect(await textFrom(second)).toMatch(/^HTTP\/1.1 429.*"reason":"OVERLOADED"/s);
    sockets[0]?.write('}');
    expect(String(await once(sockets[0] as Socket, 'data'))).toMatch(/^HTTP\/1.1 200/);
    const third = await send('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    expect(await textFrom(third)).toMatch(/^HTTP\/1.1 200/);
  });

  it('cut off headers that come byte by byte', async () => {
    await serve({});
    const slow = await send('POST / HTTP/1.1\r\nHost: x\r\nX');
    const drip = setInterval(() => slow.write('x'), 10);
    const text = await textFrom(slow);
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1.1 408.*"reason":"ARGUMENT_INVALID"/s);
  });

  it('cut off who says nothing at all', async () => {
    await serve({ idleMs: 50 });
    expect(await textFrom(await send(''))).toBe('');
  });

  it.each([
    ['without a host', 'POST / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['with an expectation', 'POST / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n', 417],
    ['with long headers', `POST / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`, 431],
  ])('refuse a request %s in the form of every error', async (_, text, code) => {
    await serve({});
    const answer = await textFrom(await send(text));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${code}.*"reason":"ARGUMENT_INVALID"`, 's'));
  });
});
