import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { MienError, toServiceError } from '@mien/errors';
import {
  CompareResponse,
  type DetectRequest,
  DetectResponse,
  FaceSelection,
  type FaceServiceServer,
  FaceServiceService,
  Priority,
} from '@mien/proto';
import { MienClient } from './mien-client';

type Detect = (
  call: ServerUnaryCall<DetectRequest, DetectResponse>,
  callback: sendUnaryData<DetectResponse>,
) => void;

const PHOTO = Buffer.from('a photo');
const EMPTY = DetectResponse.fromPartial({ imageWidth: 7 });

describe('MienClient', () => {
  let server: Server;
  let client: MienClient;
  let detect: Detect;
  let calls: number;
  const requests: unknown[] = [];

  const implementation: FaceServiceServer = {
    detect: (call, callback) => {
      calls += 1;
      requests.push(call.request);
      detect(call, callback);
    },
    compare: (call, callback) => {
      requests.push(call.request);
      callback(null, CompareResponse.fromPartial({ similarity: { score: 50 } }));
    },
    checkLiveness: (call, callback) => {
      requests.push(call.request);
      callback(null, { face: undefined });
    },
  };

  beforeAll(async () => {
    server = new Server();
    server.addService(FaceServiceService, implementation);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    client = new MienClient(`127.0.0.1:${port}`, { timeoutMs: 5_000 });
  });

  afterAll(() => {
    client.close();
    server.forceShutdown();
  });

  beforeEach(() => {
    calls = 0;
    requests.length = 0;
    detect = (_, callback) => callback(null, EMPTY);
  });

  it('sends a photo as bytes, path, file url or address', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mien-sdk-'));
    const path = join(folder, 'photo.jpg');
    await writeFile(path, PHOTO);
    const view = new Uint8Array(Buffer.concat([Buffer.from('xx'), PHOTO])).subarray(2);
    for (const photo of [PHOTO, view, path, pathToFileURL(path)]) {
      expect(await client.detect(photo)).toEqual(EMPTY);
      expect(requests.pop()).toMatchObject({ image: { source: { $case: 'content', value: PHOTO } } });
    }
    for (const photo of ['https://example.com/a.jpg', new URL('https://example.com/a.jpg')]) {
      await client.detect(photo);
      expect(requests.pop()).toMatchObject({
        image: { source: { $case: 'url', value: 'https://example.com/a.jpg' } },
      });
    }
    await expect(client.detect(join(folder, 'other.jpg'))).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(folder, { recursive: true });
  });

  it('sends every setting', async () => {
    const detection = { maxFaces: 3, minFaceSize: 40, rotationSearch: true };
    const priority = Priority.PRIORITY_BATCH;
    await client.detect(PHOTO, { detection, priority, features: { mesh: true, template: true } });
    expect(requests.pop()).toMatchObject({
      detection,
      priority,
      features: { mesh: true, template: true, quality: false },
    });
    const selection = FaceSelection.FACE_SELECTION_MOST_CONFIDENT;
    const compared = await client.compare(PHOTO, PHOTO, {
      selection,
      qualityControl: 3,
      detection: { maxFaces: 1 },
    });
    expect(compared.similarity?.score).toBe(50);
    expect(requests.pop()).toMatchObject({
      selection,
      qualityControl: 3,
      detection: { maxFaces: 1, minFaceSize: 0 },
    });
    await client.checkLiveness(PHOTO, { threshold: 0 });
    expect(requests.pop()).toMatchObject({ threshold: 0, priority: Priority.PRIORITY_UNSPECIFIED });
    await client.checkLiveness(PHOTO);
    expect(requests.pop()).toMatchObject({ threshold: undefined });
  });

  it('rejects with the reason that the service gives', async () => {
    detect = (_, callback) =>
      callback(toServiceError(new MienError('NO_FACE', 'no face', { metadata: { photo: 'a' } })));
    await expect(client.detect(PHOTO)).rejects.toMatchObject({
      name: 'MienError',
      reason: 'NO_FACE',
      message: 'no face',
      metadata: { photo: 'a' },
    });
    expect(calls).toBe(1);
  });

  it('asks again while the service is unavailable, up to a limit', async () => {
    detect = (_, callback) => (calls < 3 ? callback({ code: status.UNAVAILABLE }) : callback(null, EMPTY));
    expect(await client.detect(PHOTO)).toEqual(EMPTY);
    expect(calls).toBe(3);
    calls = 0;
    detect = (_, callback) => callback(toServiceError(new MienError('SHUTTING_DOWN', 'going down')));
    await expect(client.detect(PHOTO)).rejects.toMatchObject({ reason: 'SHUTTING_DOWN' });
    expect(calls).toBe(3);
  });

  it('asks again only while there is time', async () => {
    detect = (_, callback) => callback({ code: status.UNAVAILABLE });
    await expect(client.detect(PHOTO, { timeoutMs: 40 })).rejects.toBeInstanceOf(MienError);
    expect(calls).toBe(1);
  });

  it('keeps its deadline', async () => {
    detect = () => undefined;
    await expect(client.detect(PHOTO, { timeoutMs: 100 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
  });

  it('gives up when it is told to, and tells the service', async () => {
    const abort = new AbortController();
    const cancelled = new Promise<void>((resolve) => {
      detect = (call) => {
        call.on('cancelled', resolve);
        abort.abort(new Error('enough'));
      };
    });
    await expect(client.detect(PHOTO, { signal: abort.signal })).rejects.toThrow('enough');
    await cancelled;
    await expect(client.detect(PHOTO, { signal: abort.signal })).rejects.toThrow('enough');
    expect(calls).toBe(1);
  });

  it('says so when nobody is there', async () => {
    const port = await freePort();
    const lost = new MienClient(`127.0.0.1:${port}`, { retries: 0, timeoutMs: 2_000 });
    await expect(lost.detect(PHOTO)).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
    lost.close();
  });
});

async function freePort(): Promise<number> {
  const server: TcpServer = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
