import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromServiceError, type MienError } from '@mien/errors';
import { FaceServiceService } from '@mien/proto';
import { type GrpcServer, startGrpcServer } from './server';

const { detect } = FaceServiceService;
const EMPTY_MESSAGE = Buffer.alloc(5);

describe('limits of what arrives over gRPC', () => {
  let server: GrpcServer;
  let session: ClientHttp2Session;
  let calls: number;

  const serve = async (receive?: { openCalls: number; messageMs: number }) => {
    calls = 0;
    const implementation = {
      detect: (_: unknown, callback: (error: null, response: object) => void) => {
        calls += 1;
        callback(null, { imageWidth: 0, imageHeight: 0, faces: [] });
      },
    };
    const service = { name: 'mien.v1.FaceService', definition: { detect }, implementation };
    server = await startGrpcServer([service], {
      bindAddress: '127.0.0.1',
      port: 0,
      maxMessageBytes: 10_000,
      ...(receive === undefined ? {} : { receive }),
    });
    session = connect(`http://127.0.0.1:${server.port}`);
    session.on('error', () => undefined);
    await once(session, 'remoteSettings');
  };

  afterEach(async () => {
    session.destroy();
    await server.drain(1_000);
  });

  const open = (headers: Record<string, string> = {}): ClientHttp2Stream =>
    session.request({
      ':method': 'POST',
      ':path': detect.path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });

  /** Status, and the error that stands behind it. */
  const ending = (stream: ClientHttp2Stream): Promise<{ status: number; error: MienError }> =>
    new Promise((resolve, reject) => {
      const read = (headers: Record<string, unknown>) => {
        if (headers['grpc-status'] !== undefined) {
          const metadata = new Metadata();
          const details = headers['grpc-status-details-bin'];
          if (typeof details === 'string') {
            metadata.set('grpc-status-details-bin', Buffer.from(details, 'base64'));
          }
          const status = Number(headers['grpc-status']);
          const plain = Object.assign(new Error(''), { code: status, details: '', metadata });
          resolve({ status, error: fromServiceError(plain satisfies ServiceError) });
        }
      };
      stream.on('response', read).on('trailers', read).on('error', reject).resume();
      stream.on('close', () => reject(new Error(`closed with ${stream.rstCode}`)));
    });

  it('end a call whose message does not come', async () => {
    await serve({ openCalls: 10, messageMs: 50 });
    const stream = open();
    stream.write(EMPTY_MESSAGE.subarray(0, 3));
    expect(await ending(stream)).toMatchObject({ status: 4, error: { reason: 'DEADLINE_EXCEEDED' } });
    expect(calls).toBe(0);
  });

  it('refuse calls beyond what may be open, until one has ended', async () => {
    await serve({ openCalls: 2, messageMs: 60_000 });
    const [first, second] = [open(), open()];
    // What is answered later than these were opened is answered with them open.
    const third = await ending(open().end(EMPTY_MESSAGE));
    expect(third).toMatchObject({ status: 8, error: { reason: 'OVERLOADED' } });
    const answered = ending(first);
    first.end(EMPTY_MESSAGE);
    expect((await answered).status).toBe(0);
    expect((await ending(open().end(EMPTY_MESSAGE))).status).toBe(0);
    second.close();
    await once(second, 'close');
    expect(calls).toBe(2);
  });

  it('forget calls that their callers give up', async () => {
    await serve({ openCalls: 1, messageMs: 60_000 });
    for (let round = 0; round < 5; round += 1) {
      const stream = open();
      stream.write(EMPTY_MESSAGE.subarray(0, 1));
      stream.close(8);
      await once(stream, 'close');
    }
    expect((await ending(open().end(EMPTY_MESSAGE))).status).toBe(0);
  });

  it('refuse messages that are too large, by what their prefix says', async () => {
    await serve();
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(10_001, 1);
    const stream = open();
    stream.end(prefix);
    expect((await ending(stream)).status).toBe(8);
  });

  it('tell how many streams a connection may have', async () => {
    await serve();
    expect(session.remoteSettings.maxConcurrentStreams).toBe(1_024);
  });

  it('refuse headers of more than 64 KiB', async () => {
    await serve();
    await expect(ending(open({ 'x-long': 'y'.repeat(66_000) }))).rejects.toThrow(/closed with|Stream closed/);
    expect(calls).toBe(0);
  });

  it('close a connection that opens streams only to reset them, and serve others', async () => {
    await serve();
    const closed = new Promise((resolve) => session.once('close', resolve));
    let opened = 0;
    const flood = () => {
      for (let burst = 0; burst < 200 && !session.destroyed; burst += 1) {
        const stream = open();
        stream.on('error', () => undefined);
        stream.close(8);
        opened += 1;
      }
      if (!session.destroyed && opened < 200_000) {
        setImmediate(flood);
      }
    };
    flood();
    await closed;
    session = connect(`http://127.0.0.1:${server.port}`);
    expect((await ending(open().end(EMPTY_MESSAGE))).status).toBe(0);
  });
});
