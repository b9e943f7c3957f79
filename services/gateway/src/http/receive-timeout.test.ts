import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { addReceiveTimeout } from './receive-timeout';

const LIMIT_MS = 50;

describe('the limit on how long a request may take to arrive', () => {
  let app: FastifyInstance;

  beforeAll(async () => {
    app = fastify();
    addReceiveTimeout(app, LIMIT_MS, '/albums');
    app.post('/photos', async () => 'taken');
    app.post('/albums', async () => 'taken');
    app.get('/slow', async () => {
      await sleep(4 * LIMIT_MS);
      return 'answered';
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());

  /** Sends half a body, and the rest when the promise says so. Answers all that came back. */
  const sent = async (path: string, rest: Promise<unknown>): Promise<string> => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n`;
    socket.write(`${head}content-length: 4\r\n\r\n12`);
    void rest.then(() => socket.writable && socket.write('34'));
    return text(socket);
  };
  const never = new Promise<never>(() => undefined);

  it('cuts off who is too slow, and says so', async () => {
    expect(await sent('/photos', never)).toMatch(/^HTTP\/1.1 408 .*the request took too long to arrive/s);
  });

  it('does not hold for the path that takes its time', async () => {
    expect(await sent('/albums', sleep(4 * LIMIT_MS))).toMatch(/^HTTP\/1.1 200 .*taken$/s);
  });

  it('leaves alone whose request is there and whose answer is not yet', async () => {
    const { port } = app.server.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/slow`)).text()).toBe('answered');
  });
});
