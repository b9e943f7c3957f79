import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { NewJob } from '@mien/bus';
import { MienError, type Reason, STATUS_OF_REASON } from '@mien/errors';
import {
  AuditServiceService,
  DeadLetterServiceService,
  Face,
  Job,
  JobServiceService,
  KeyServiceService,
  Lane,
  NotificationServiceService,
  SubmittedJob,
  type WatchJobResponse,
} from '@mien/proto';
import { OpenStreams } from '@mien/service';
import { LocalDiskStore } from '@mien/stores';
import { metrics } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Doorkeeper } from '../access/doorkeeper';
import { OPEN_GATE } from '../access/gate';
import { UrlPhotoFetcher } from '../fetch/url-photo-fetcher';
import { PhotoShelf } from '../photo-shelf';
import { Admission } from '../usecases/admission';
import { withoutLibrary } from '../usecases/library/passed-on';
import { MAX_IMAGE_BYTES } from '../usecases/limits';
import type { Line } from '../usecases/ports';
import { allUseCases } from '../usecases/use-cases';
import { Entrance } from './entrance';
import { buildHttpServer } from './http-server';
import { grpcStatusName, HTTP_STATUS_OF_REASON } from './http-status';

/** A photo as far as the gateway looks: a JPEG's first bytes. */
const PHOTO = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(60, 1)]);
const CONTENT = PHOTO.toString('base64');
const FACE = Face.fromPartial({
  confidence: 0.5,
  box: { x: 1, y: 2, width: 3, height: 4 },
  quality: { score: 80 },
  mesh: [{ x: 1, y: 1, z: 1 }],
});

describe('the HTTP interface', () => {
  let app: FastifyInstance;
  let folder: string;
  let submitted: NewJob[];
  let answer: (work: NewJob, signal: AbortSignal) => Promise<Job>;
  const line: Line = {
    submit: (work, { signal }) => {
      submitted.push(work);
      return answer(work, signal);
    },
  };
  const fetcher = new UrlPhotoFetcher({
    allowedNetworks: [],
    maxBytes: MAX_IMAGE_BYTES,
    timeoutMs: 1000,
    maxRedirects: 3,
  });
  const admission = new Admission(4);
  const { watchJob: _, ...asked } = JobServiceService;
  const { exportAuditRecords: __, ...auditLists } = AuditServiceService;
  async function* watched(): AsyncGenerator<WatchJobResponse, void, void> {
    yield* states.map((state) => ({ job: SubmittedJob.fromPartial(state) }));
  }
  let states: Partial<SubmittedJob>[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-gateway-'));
    const store = new PhotoShelf(await LocalDiskStore.open({ folder, fsync: false }), 60);
    app = await buildHttpServer({
      useCases: {
        ...allUseCases({ store, line, fetcher, events: { publish: async () => undefined } }, undefined),
        jobs: { ...withoutLibrary(asked), watchJob: watched },
        notifications: withoutLibrary(NotificationServiceService),
        deadLetters: withoutLibrary(DeadLetterServiceService),
        keys: withoutLibrary(KeyServiceService),
        audit: { ...withoutLibrary(auditLists), exportAuditRecords: async function* () {} },
      },
      entrance: new Entrance(new Doorkeeper(OPEN_GATE, { append: async () => undefined }), admission),
      admission,
      openStreams: new OpenStreams({ maximum: 4, maximumPerOwner: 4 }),
      timeouts: { defaultMs: 5_000, maximumMs: 10_000 },
      logger: pino({ level: 'silent' }),
      version: '0.0.0',
      duration: metrics.getMeter('test').createHistogram('duration'),
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(async () => {
    await app.close();
    await fetcher.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    submitted = [];
    answer = async (work) =>
      Job.fromPartial({
        photos: work.photos.map((photo) => ({
          ...photo,
          width: 640,
          height: 480,
          faces: [{ answer: FACE }],
        })),
        similarity: { score: 61.5, cosine: 0.5, modelVersion: 'm/1' },
      });
  });

  const call = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | FormData | null,
  ) => {
    const { port } = app.server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
    const text = await response.text();
    return {
      statusCode: response.status,
      headers: response.headers,
      body: text,
      json: () => JSON.parse(text),
    };
  };

  const post = (path: string, body: object | string, headers: Record<string, string> = {}) =>
    call(
      'POST',
      path,
      { 'content-type': 'application/json', ...headers },
      typeof body === 'string' ? body : JSON.stringify(body),
    );

  /** fetch() has a limit of its own for what it sends. */
  const get = (path: string) =>
    new Promise<object>((resolve, reject) => {
      const { port } = app.server.address() as AddressInfo;
      httpRequest({ port, path }, (response) => {
        text(response).then(
          (body) => resolve({ statusCode: response.statusCode, ...JSON.parse(body) }),
          reject,
        );
      })
        .on('error', reject)
        .end();
    });

  const storedPhotos = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile());
  };

  it('answers a detection with what was asked for', async () => {
    const response = await post('/v1/detect', {
      image: { content: CONTENT },
      features: { quality: true },
      priority: 'PRIORITY_BATCH',
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      imageWidth: 640,
      imageHeight: 480,
      faces: [
        { box: { x: 1, y: 2, width: 3, height: 4 }, confidence: 0.5, quality: { score: 80 }, mesh: [] },
      ],
    });
    expect(submitted).toMatchObject([{ lane: Lane.LANE_BATCH, itinerary: ['detector', 'landmark'] }]);
    expect(await storedPhotos()).toEqual([]);
  });

  it('answers a comparison, in snake case too', async () => {
    const response = await post('/v1/compare', {
      image_a: { content: CONTENT },
      image_b: { content: CONTENT },
    });
    expect(response.json()).toMatchObject({
      similarity: { score: 61.5, cosine: 0.5, modelVersion: 'm/1' },
      faceA: { confidence: 0.5 },
      faceB: { confidence: 0.5 },
    });
    expect(submitted[0]?.photos.map((photo) => photo.image?.key)).toHaveLength(2);
    expect(await storedPhotos()).toEqual([]);
  });

  describe('multipart forms', () => {
    it.each([
      '--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\nnameless\r\n--x--\r\n',
      '\0',
      '--x',
      '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\ncut',
    ])("that can not be read are the client's fault: %j", async (body) => {
      for (const path of ['/v1/detect', '/v1/clusters']) {
        const headers = { 'content-type': 'multipart/form-data; boundary=x' };
        const response = await call('POST', path, headers, body);
        expect([path, response.statusCode, response.json().error.reason]).toEqual([
          path,
          400,
          'ARGUMENT_INVALID',
        ]);
      }
    });

    const form = (parts: Record<string, Buffer | string>) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(parts)) {
        data.append(
          name,
          typeof value === 'string' ? value : new Blob([new Uint8Array(value)]),
          ...namedFile(value),
        );
      }
      return call('POST', '/v1/compare', {}, data);
    };

    it('give photos as files and the rest as JSON', async () => {
      const response = await form({ image_a: PHOTO, image_b: PHOTO, request: '{"quality_control": 3}' });
      expect(response.statusCode).toBe(200);
      expect(submitted).toMatchObject([{ options: { compare: true, qualityControl: 3 } }]);
    });

    it('take the JSON as a file too, as browsers send a part with a content type', async () => {
      const request = Buffer.from('{"qualityControl": 3}');
      expect((await form({ image_a: PHOTO, image_b: PHOTO, request })).statusCode).toBe(200);
      expect(submitted).toMatchObject([{ options: { qualityControl: 3 } }]);
    });

    it('may hold photos alone', async () => {
      expect((await form({ image_a: PHOTO, image_b: PHOTO })).statusCode).toBe(200);
    });

    it.each<[string, Record<string, Buffer | string>, number, object]>([
      ['a missing photo', { image_a: PHOTO }, 400, { reason: 'IMAGE_MISSING', metadata: { photo: 'b' } }],
      ['an empty photo', { image_a: PHOTO, image_b: Buffer.alloc(0) }, 400, { reason: 'IMAGE_MISSING' }],
      ['an unknown part', { image_c: PHOTO }, 400, { metadata: { field: 'image_c' } }],
      ['text for a photo', { image_a: 'text' }, 400, { metadata: { field: 'image_a' } }],
      ['a broken request', { request: '{' }, 400, { metadata: { field: 'request' } }],
      ['an unknown field in the request', { request: '{"a":1}' }, 400, { metadata: { field: 'a' } }],
      [
        'a photo given twice',
        { image_a: PHOTO, request: '{"imageA":{"url":"https://a"}}' },
        400,
        { metadata: { field: 'image_a' } },
      ],
      [
        'too large a photo',
        { image_a: Buffer.alloc(MAX_IMAGE_BYTES + 1) },
        413,
        { reason: 'IMAGE_TOO_LARGE' },
      ],
      [
        'too large a request',
        { request: `{"a":"${'a'.repeat(70_000)}"}` },
        400,
        { metadata: { field: 'request' } },
      ],
    ])('are refused with %s', async (_, parts, code, error) => {
      const response = await form(parts);
      expect(response.statusCode).toBe(code);
      expect(response.json()).toMatchObject({ error: { code, reason: 'ARGUMENT_INVALID', ...error } });
      expect(submitted).toEqual([]);
    });
  });

  it.each<[string, string, object | string, number, object]>([
    ['no photo', '/v1/detect', {}, 400, { reason: 'IMAGE_MISSING', metadata: { field: 'image' } }],
    ['an empty photo', '/v1/detect', { image: { content: '' } }, 400, { reason: 'IMAGE_MISSING' }],
    ['a GIF', '/v1/detect', { image: { content: 'R0lGODlh' } }, 415, { reason: 'IMAGE_FORMAT_UNSUPPORTED' }],
    [
      'a GIF to compare',
      '/v1/compare',
      { imageA: { content: CONTENT }, imageB: { content: 'R0lGODlh' } },
      415,
      { reason: 'IMAGE_FORMAT_UNSUPPORTED', metadata: { photo: 'b' } },
    ],
    ['a url inside', '/v1/detect', { image: { url: 'http://127.0.0.1/' } }, 400, { reason: 'URL_FORBIDDEN' }],
    [
      'a url of a file',
      '/v1/liveness',
      { image: { url: 'file:///etc/hostname' } },
      400,
      { reason: 'URL_INVALID' },
    ],
    [
      'both sources',
      '/v1/detect',
      { image: { url: 'https://a', content: 'AAAA' } },
      400,
      { metadata: { field: 'image' } },
    ],
    [
      'a field that is not there',
      '/v1/detect',
      { image: { content: CONTENT, name: 'a' } },
      400,
      { metadata: { field: 'image.name' } },
    ],
    [
      'a wrong type',
      '/v1/detect',
      { features: { mesh: 'yes' } },
      400,
      { metadata: { field: 'features.mesh' } },
    ],
    [
      'an unknown enum value',
      '/v1/detect',
      { priority: 'PRIORITY_HIGH' },
      400,
      { metadata: { field: 'priority' } },
    ],
    [
      'too many faces',
      '/v1/detect',
      { detection: { maxFaces: 121 } },
      400,
      { metadata: { field: 'detection.maxFaces' } },
    ],
    [
      'too small faces',
      '/v1/detect',
      { detection: { minFaceSize: 7 } },
      400,
      { metadata: { field: 'detection.minFaceSize' } },
    ],
    [
      'half a face',
      '/v1/detect',
      { detection: { maxFaces: 1.5 } },
      400,
      { metadata: { field: 'detection.maxFaces' } },
    ],
    [
      'a threshold beyond 100',
      '/v1/liveness',
      { threshold: 100.5 },
      400,
      { metadata: { field: 'threshold' } },
    ],
    ['broken JSON', '/v1/detect', '{"image":', 400, { reason: 'ARGUMENT_INVALID' }],
    ['a prototype', '/v1/detect', '{"__proto__":{"a":1}}', 400, { reason: 'ARGUMENT_INVALID' }],
    ['no body', '/v1/detect', '', 400, { reason: 'ARGUMENT_INVALID' }],
    ['a list', '/v1/detect', '[]', 400, { reason: 'ARGUMENT_INVALID' }],
    [
      'a body beyond all bounds',
      '/v1/detect',
      `{"image":{"content":"${'A'.repeat(14_200_000)}"}}`,
      413,
      { reason: 'IMAGE_TOO_LARGE' },
    ],
    [
      'a photo beyond the limit',
      '/v1/detect',
      { image: { content: Buffer.alloc(MAX_IMAGE_BYTES + 1).toString('base64') } },
      413,
      { reason: 'IMAGE_TOO_LARGE' },
    ],
    ['an unknown path', '/v1/enrol', {}, 404, { reason: 'NOT_FOUND' }],
  ])('refuses %s', async (_, url, body, code, error) => {
    const response = await post(url, body);
    expect(response.statusCode).toBe(code);
    expect(response.json()).toMatchObject({ error: { code, reason: 'ARGUMENT_INVALID', ...error } });
    expect(response.body).not.toMatch(/\bat .*:\d+|node_modules/);
    expect(submitted).toEqual([]);
  });

  it('refuses other kinds of body and other methods', async () => {
    const text = await post('/v1/detect', 'a', { 'content-type': 'text/plain' });
    expect(text.json()).toMatchObject({ error: { code: 415, reason: 'ARGUMENT_INVALID' } });
    const get = await call('GET', '/v1/detect', {}, null);
    expect(get.json()).toMatchObject({ error: { code: 405, reason: 'ARGUMENT_INVALID' } });
    expect(get.headers.get('allow')).toBe('POST');
  });

  it('answers what is not even HTTP in the same form', async () => {
    const huge = await get(`/docs?${'a'.repeat(17_000)}`);
    expect(huge).toMatchObject({ statusCode: 431, error: { code: 431, reason: 'ARGUMENT_INVALID' } });
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').end('HELLO\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^{]*\{"error":\{"code":400,/);
  });

  it.each(Object.keys(STATUS_OF_REASON) as Reason[])('tells %s as the line does', async (reason) => {
    answer = () => Promise.reject(new MienError(reason, 'why', { metadata: { fact: '1' } }));
    const response = await post('/v1/detect', { image: { content: CONTENT } });
    const code = HTTP_STATUS_OF_REASON[reason];
    expect(code).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBe(code);
    const status = grpcStatusName(STATUS_OF_REASON[reason]);
    expect(response.json()).toEqual({
      error: { code, status, reason, message: 'why', metadata: { fact: '1' } },
    });
  });

  it('keeps the text of a fault to itself', async () => {
    answer = () => Promise.reject(new Error('the password is 1234'));
    const response = await post('/v1/detect', { image: { content: CONTENT } });
    expect(response.json()).toEqual({
      error: { code: 500, status: 'INTERNAL', reason: 'INTERNAL', message: 'internal error', metadata: {} },
    });
  });

  it('names the photo that a problem belongs to', async () => {
    answer = async (work) => {
      const [a, b] = work.photos;
      const problem = { reason: 'FACE_QUALITY_TOO_LOW', message: 'too dark', stage: 'landmark' };
      return Job.fromPartial({
        photos: [
          { ...a, faces: [{ answer: FACE }] },
          { ...b, problem },
        ],
      });
    };
    const response = await post('/v1/compare', {
      imageA: { content: CONTENT },
      imageB: { content: CONTENT },
    });
    expect(response.json()).toMatchObject({
      error: {
        code: 422,
        reason: 'FACE_QUALITY_TOO_LOW',
        message: 'photo b: too dark',
        metadata: { photo: 'b', stage: 'landmark' },
      },
    });
  });

  it('makes an error of a face that cannot be judged', async () => {
    answer = async (work) => {
      const face = {
        answer: {
          ...FACE,
          liveness: { score: 0, live: false, threshold: 50, refusalReason: 'FACE_CUT_OFF' },
        },
      };
      return Job.fromPartial({ photos: work.photos.map((photo) => ({ ...photo, faces: [face] })) });
    };
    const response = await post('/v1/liveness', { image: { content: CONTENT }, threshold: 0 });
    expect(response.json()).toMatchObject({ error: { code: 422, reason: 'FACE_CUT_OFF' } });
    expect(submitted).toMatchObject([{ options: { livenessThreshold: 0, faceRequired: true } }]);
  });

  describe('deadlines', () => {
    const untilAborted = (_: NewJob, signal: AbortSignal) =>
      new Promise<Job>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

    it('are those of the request', async () => {
      answer = untilAborted;
      const before = await storedPhotos();
      const response = await post(
        '/v1/detect',
        { image: { content: CONTENT } },
        { 'request-timeout-ms': '50' },
      );
      expect(response.json()).toMatchObject({ error: { code: 504, reason: 'DEADLINE_EXCEEDED' } });
      // Somebody on the line may still read the photo: it is left to its retention.
      expect(await storedPhotos()).toHaveLength(before.length + 1);
    });

    it.each(['0', '-1', '1.5', 'soon', '99999999999'])('are not %s', async (value) => {
      const response = await post(
        '/v1/detect',
        { image: { content: CONTENT } },
        { 'request-timeout-ms': value },
      );
      expect(response.json()).toMatchObject({
        error: { code: 400, metadata: { field: 'Request-Timeout-Ms' } },
      });
    });

    it('end early when the client goes', async () => {
      const left = new Promise<unknown>((resolve) => {
        answer = (_, signal) => {
          client.destroy();
          return new Promise<Job>((_resolve, reject) =>
            signal.addEventListener('abort', () => {
              resolve(signal.reason);
              reject(signal.reason);
            }),
          );
        };
      });
      const { port } = app.server.address() as AddressInfo;
      const client = httpRequest({
        port,
        path: '/v1/detect',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      client.on('error', () => undefined);
      client.end(JSON.stringify({ image: { content: CONTENT } }));
      expect(await left).toMatchObject({ name: 'CallCancelled' });
    });
  });

  describe('events of a job', () => {
    const endedAt = new Date('2026-01-31T12:00:00Z');
    const listen = async (headers: Record<string, string> = {}) => {
      const { port } = app.server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/v1/jobs/01J/events`, { headers });
      return { response, events: await response.text() };
    };
    const idsIn = (events: string) => [...events.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');

    it('are its states, one after the other', async () => {
      states = [
        { id: '01J', photosDone: 1 },
        { id: '01J', photosDone: 2, endedAt },
      ];
      const { response, events } = await listen();
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      const told = [...events.matchAll(/^event: job\ndata: (.+)$/gm)].map(([, data]) =>
        JSON.parse(data ?? ''),
      );
      expect(told).toMatchObject([
        { job: { id: '01J', photosDone: 1, photosFailed: 0 } },
        { job: { photosDone: 2, endedAt: '2026-01-31T12:00:00.000Z' } },
      ]);
      expect(new Set(idsIn(events)).size).toBe(2);
    });

    it('go on behind the one that the reader has, and end with the last', async () => {
      states = [
        { id: '01J', photosDone: 1 },
        { id: '01J', photosDone: 2, endedAt },
      ];
      const [first = '', last = ''] = idsIn((await listen()).events);
      const again = await listen({ 'last-event-id': first });
      expect(idsIn(again.events)).toEqual([last]);
      states = states.slice(1);
      const { response } = await listen({ 'last-event-id': last });
      expect(response.status).toBe(204);
    });
  });

  it('takes no more than it has room for', async () => {
    let release: (job: Job) => void = () => undefined;
    let arrived: () => void = () => undefined;
    const held = new Promise<Job>((resolve) => {
      release = resolve;
    });
    const full = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    answer = () => {
      if (submitted.length === 4) {
        arrived();
      }
      return held;
    };
    const taken = Array.from({ length: 4 }, () => post('/v1/detect', { image: { content: CONTENT } }));
    const answers = Promise.all(taken);
    await full;
    const refused = await post('/v1/detect', { image: { content: CONTENT } });
    expect(refused.json()).toMatchObject({ error: { code: 429, reason: 'OVERLOADED' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    release(Job.fromPartial({ photos: [{ width: 1, height: 1 }] }));
    expect((await answers).map((response) => response.statusCode)).toEqual([200, 200, 200, 200]);
  });
});

function namedFile(value: Buffer | string): [] | [string] {
  return typeof value === 'string' ? [] : ['photo.jpg'];
}
