import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, Metadata, makeGenericClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { asMienError, fromServiceError, type Reason, STATUS_OF_REASON } from '@mien/errors';
import { Face, FaceServiceService, type Job } from '@mien/proto';
import { MienClient } from '@mien/sdk';
import {
  baseConfigSchema,
  openRuntime,
  parseConfig,
  type RunningStage,
  type Runtime,
  type StageContext,
  type StageFactory,
  startStage,
  startTelemetry,
} from '@mien/service';
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { z } from 'zod';
import { gatewayConfigSchema } from './config';
import { type RunningGateway, startGateway } from './gateway';
import { MAX_IMAGE_BYTES } from './usecases/limits';

/** A photo as far as the gateway looks: a JPEG's first bytes. */
const photoOf = (length: number) =>
  Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(length - 4, 7)]);
const PHOTO = photoOf(64);

type Behaviour = (job: Job, context: StageContext) => Promise<Job>;

/** Reads every photo as a real detector would and gives it one face. */
const oneFace: Behaviour = async (job, context) => {
  for (const photo of job.photos) {
    if (photo.image !== undefined) {
      photo.width = (await context.readImage(photo.image)).length;
    }
    photo.faces = [{ answer: Face.fromPartial({ confidence: 0.75 }) }].map((face) => ({
      ...EMPTY_FACE,
      ...face,
    }));
  }
  return job;
};

const EMPTY_FACE = {
  rotation: 0,
  context: undefined,
  liveness: undefined,
  aligned: undefined,
  mesh: [],
  meshPresence: 0,
  otherTemplates: [],
};

describe('the gateway on a real bus', () => {
  let folder: string;
  let server: NatsServer;
  let runtime: Runtime;
  let stage: RunningStage;
  let gateway: RunningGateway;
  let client: MienClient;
  let behave: Behaviour;
  const telemetry = startTelemetry({ service: 'test' });

  /** A detector without a model, which does as the test says. */
  const factory: StageFactory<object> = {
    name: 'detector',
    configSchema: z.object({}),
    create: async () => ({ process: (job, context) => behave(job, context), close: async () => undefined }),
  };

  const start = () => startGateway(runtime, { ...parsed().gateway, grpcPort: 0, httpPort: 0 });
  const parsed = () =>
    parseConfig(
      { base: baseConfigSchema, gateway: gatewayConfigSchema },
      { MIEN_NATS_URL: server.url, MIEN_DATA_DIR: folder, MIEN_GATEWAY_AUTH: 'none' },
    );
  const storedPhotos = async () => {
    const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-gateway-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../.mien/bin')],
    });
    server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const logger = pino({ level: 'silent' });
    runtime = await openRuntime({ service: 'test', config: parsed().base, telemetry, logger });
    stage = await startStage(factory, runtime, { config: {}, concurrency: 8 });
    gateway = await start();
    client = new MienClient(`127.0.0.1:${gateway.grpcPort}`, { timeoutMs: 10_000, retries: 0 });
  });

  afterAll(async () => {
    client.close();
    await gateway.drain(1_000);
    await stage.drain(1_000);
    await runtime.close();
    await server.stop();
    await telemetry.shutdown();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    behave = oneFace;
  });

  it('answers over gRPC and HTTP alike, and keeps no photo', async () => {
    const grpc = await client.detect(PHOTO);
    expect(grpc).toMatchObject({ imageWidth: 64, faces: [{ confidence: 0.75 }] });
    const http = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/detect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ image: { content: PHOTO.toString('base64') } }),
    });
    expect(await http.json()).toMatchObject({ imageWidth: 64, faces: [{ confidence: 0.75 }] });
    expect(await storedPhotos()).toBe(0);
  });

  it('keeps requests with the same photo apart', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => client.detect(PHOTO)));
    expect(answers.map((answer) => answer.imageWidth)).toEqual(Array(40).fill(64));
    expect(await storedPhotos()).toBe(0);
  });

  it('takes photos up to the limit and tells of larger ones', async () => {
    expect((await client.detect(photoOf(MAX_IMAGE_BYTES))).imageWidth).toBe(MAX_IMAGE_BYTES);
    await expect(client.detect(photoOf(MAX_IMAGE_BYTES + 1))).rejects.toMatchObject({
      reason: 'IMAGE_TOO_LARGE',
      metadata: { field: 'image', limitBytes: String(MAX_IMAGE_BYTES) },
    });
  });

  it.each(Object.keys(STATUS_OF_REASON) as Reason[])('tells a client of %s', async (reason) => {
    behave = async (job) => {
      for (const photo of job.photos) {
        photo.problem = { reason, message: 'why', stage: 'detector', metadata: {} };
      }
      return job;
    };
    const detection = client.detect(PHOTO);
    await expect(detection).rejects.toMatchObject({
      reason,
      message: 'why',
      metadata: { stage: 'detector' },
    });
    await expect(detection).rejects.toMatchObject({ cause: { code: STATUS_OF_REASON[reason] } });
  });

  it.each<[string, () => Promise<unknown>, object]>([
    ['no photo', () => client.detect(Buffer.alloc(0)), { reason: 'IMAGE_MISSING' }],
    ['a GIF', () => client.detect(Buffer.from('GIF89a')), { reason: 'IMAGE_FORMAT_UNSUPPORTED' }],
    ['a url inside', () => client.checkLiveness('http://[::1]/'), { reason: 'URL_FORBIDDEN' }],
    [
      'a GIF to compare',
      () => client.compare(PHOTO, Buffer.from('GIF89a')),
      { metadata: { field: 'image_b', photo: 'b' } },
    ],
    [
      'too many faces',
      () => client.detect(PHOTO, { detection: { maxFaces: 121 } }),
      { metadata: { field: 'detection.max_faces', minimum: '1', maximum: '120' } },
    ],
  ])('refuses %s before the line sees it', async (_, request, error) => {
    behave = () => Promise.reject(new Error('the line saw it'));
    await expect(request()).rejects.toMatchObject(error);
  });

  it('calls a message that it cannot read the client’s fault', async () => {
    const method = { ...FaceServiceService.detect, requestSerialize: (bytes: Buffer) => bytes };
    const Raw = makeGenericClientConstructor({ detect: method }, 'mien.v1.FaceService');
    const raw = new Raw(`127.0.0.1:${gateway.grpcPort}`, credentials.createInsecure());
    // Field 4, priority, with a value that no version of it has.
    const failure = await new Promise<ServiceError | null>((resolve) => {
      raw['detect']?.(Buffer.from([0x20, 0x63]), new Metadata(), (error: ServiceError | null) =>
        resolve(error),
      );
    });
    raw.close();
    expect(failure === null ? undefined : fromServiceError(failure).reason).toBe('ARGUMENT_INVALID');
  });

  it('answers in time when the line does not', async () => {
    // Nobody works for the landmark stage here.
    const request = client.detect(PHOTO, { features: { landmarks: true }, timeoutMs: 300 });
    await expect(request).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
  });

  it('refuses at once what it could not answer in time, and nothing else', async () => {
    const asked = () =>
      client.detect(PHOTO, { features: { landmarks: true }, timeoutMs: 300 }).then(
        () => undefined,
        (error: unknown) => asMienError(error),
      );
    let refused = await asked();
    while (refused?.reason === 'DEADLINE_EXCEEDED') {
      refused = await asked();
    }
    expect(refused).toMatchObject({ reason: 'OVERLOADED' });
    expect(refused?.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect((await client.detect(PHOTO)).imageWidth).toBe(64);
  });

  it('stops waiting when its caller does', async () => {
    const other = await start();
    const caller = new MienClient(`127.0.0.1:${other.grpcPort}`, { retries: 0 });
    const abort = new AbortController();
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    behave = async (job) => {
      abort.abort(new Error('enough'));
      await finished;
      return job;
    };
    await expect(caller.detect(PHOTO, { signal: abort.signal })).rejects.toThrow('enough');
    // The stage still works, yet no request is under way that a drain would wait for.
    await other.drain(60_000);
    finish();
    caller.close();
  });

  it('carries the trace of a request to the stages', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    let seen: string | undefined;
    behave = (job, context) => {
      seen = trace.getActiveSpan()?.spanContext().traceId;
      return oneFace(job, context);
    };
    await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/detect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: JSON.stringify({ image: { content: PHOTO.toString('base64') } }),
    });
    expect(seen).toBe(traceId);
  });

  it('answers what it has taken before it goes down', async () => {
    const other = await start();
    const caller = new MienClient(`127.0.0.1:${other.grpcPort}`, { retries: 0 });
    let drained: Promise<void> = Promise.resolve();
    behave = (job, context) => {
      drained = other.drain(5_000);
      return oneFace(job, context);
    };
    expect((await caller.detect(PHOTO)).imageWidth).toBe(64);
    await drained;
    await expect(caller.detect(PHOTO)).rejects.toMatchObject({ status: STATUS_OF_REASON.BUS_UNAVAILABLE });
    caller.close();
  });

  it('answers what comes over HTTP while it goes, and ends the connection with the answer', async () => {
    const other = await start();
    behave = oneFace;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await detectOver(agent, other.httpPort);
    other.leave();
    const leaving = await detectOver(agent, other.httpPort);
    expect(before).toMatchObject({ status: 200, connection: 'keep-alive' });
    expect(leaving).toMatchObject({ status: 200, connection: 'close' });
    let drained: Promise<void> = Promise.resolve();
    behave = (job, context) => {
      drained = other.drain(5_000);
      return oneFace(job, context);
    };
    expect(await detectOver(agent, other.httpPort)).toMatchObject({ status: 200, connection: 'close' });
    await drained;
    await expect(detectOver(agent, other.httpPort)).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });
});

/** A detection over one of the agent's connections. */
function detectOver(
  agent: Agent,
  port: number,
): Promise<{ status: number | undefined; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const options = { port, agent, headers, method: 'POST', path: '/v1/detect' };
    request(options, (response) => {
      const { connection } = response.headers;
      response.resume().once('end', () => resolve({ status: response.statusCode, connection }));
    })
      .once('error', reject)
      .end(JSON.stringify({ image: { content: PHOTO.toString('base64') } }));
  });
}
