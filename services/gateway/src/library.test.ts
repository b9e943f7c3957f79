import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, type NatsServer, type StageName, startNatsServer } from '@mien/bus';
import { MienError, toServiceError } from '@mien/errors';
import {
  AddFacesResponse,
  CreatePersonResponse,
  DeleteFacesResponse,
  DuplicateCheck,
  FaceOnLine,
  GetPersonResponse,
  Group,
  type Job,
  ListPersonsResponse,
  Matching,
  SearchResponse,
  VerifyPersonResponse,
} from '@mien/proto';
import { MienClient } from '@mien/sdk';
import {
  baseConfigSchema,
  openRuntime,
  parseConfig,
  type RunningStage,
  type Runtime,
  type StageFactory,
  startStage,
  startTelemetry,
} from '@mien/service';
import { pino } from 'pino';
import { z } from 'zod';
import { gatewayConfigSchema } from './config';
import { type RunningGateway, startGateway } from './gateway';
import { LibraryServer } from './testing/library-server';

/** A photo as far as the gateway looks: a JPEG's first bytes. */
const PHOTO = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(60, 7)]);
const STAGES: readonly StageName[] = ['detector', 'landmark', 'embedder', 'library'];

describe('the library behind the gateway', () => {
  let folder: string;
  let server: NatsServer;
  let runtime: Runtime;
  let stages: RunningStage[];
  let gateway: RunningGateway;
  let client: MienClient;
  let library: LibraryServer;
  let port: number;
  let visited: string[];
  /** What the library stage does. */
  let work: (job: Job) => Job;
  const telemetry = startTelemetry({ service: 'test' });

  /** A stage without models: tells that it was visited; that of the library does as the test says. */
  const stageOf = (name: StageName): StageFactory<object> => ({
    name,
    configSchema: z.object({}),
    create: async () => ({
      process: async (job) => {
        visited.push(name);
        if (name === 'detector') {
          for (const photo of job.photos) {
            photo.faces = [FaceOnLine.fromPartial({ answer: { confidence: 1 } })];
          }
        }
        return name === 'library' ? work(job) : job;
      },
      close: async () => undefined,
    }),
  });

  const config = (env: Record<string, string>) =>
    parseConfig({ gateway: gatewayConfigSchema }, { MIEN_GATEWAY_AUTH: 'none', ...env }).gateway;
  const start = (env: Record<string, string>) =>
    startGateway(runtime, { ...config(env), grpcPort: 0, httpPort: 0 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-gateway-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../.mien/bin')],
    });
    server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const { base } = parseConfig(
      { base: baseConfigSchema },
      { MIEN_NATS_URL: server.url, MIEN_DATA_DIR: folder },
    );
    const logger = pino({ level: 'silent' });
    runtime = await openRuntime({ service: 'test', config: base, telemetry, logger });
    stages = await Promise.all(
      STAGES.map((name) => startStage(stageOf(name), runtime, { config: {}, concurrency: 4 })),
    );
    ({ library, port } = await LibraryServer.start(0));
    gateway = await start({ MIEN_LIBRARY_ADDRESS: `127.0.0.1:${port}` });
    client = new MienClient(`127.0.0.1:${gateway.grpcPort}`, { timeoutMs: 20_000, retries: 0 });
  });

  afterAll(async () => {
    client.close();
    await gateway.drain(1_000);
    await Promise.all(stages.map((stage) => stage.drain(1_000)));
    await runtime.close();
    await server.stop();
    library.stop();
    await telemetry.shutdown();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    visited = [];
    library.asked.length = 0;
  });

  const http = async (method: string, path: string, body?: object | FormData, headers = {}) => {
    const form = body instanceof FormData;
    const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, {
      method,
      headers: body === undefined || form ? headers : { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };

  const storedPhotos = async () => {
    const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  };

  describe('calls without a photo', () => {
    it('are answered by the library, over gRPC', async () => {
      const group = Group.fromPartial({ id: 'a', name: 'A', faceCount: 5_000_000_000 });
      library.answer = () => ({ group });
      expect(await client.library.createGroup({ id: 'a', name: 'A' }, { timeoutMs: 8_000 })).toEqual(group);
      expect(library.asked).toMatchObject([
        { method: 'createGroup', request: { id: 'a', name: 'A', tag: '', fieldNames: [] } },
      ]);
      const { timeLeftMs } = library.asked[0] ?? { timeLeftMs: 0 };
      expect(timeLeftMs).toBeGreaterThan(0);
      expect(timeLeftMs).toBeLessThanOrEqual(8_000);
      library.answer = () => ({ check: DuplicateCheck.fromPartial({ job: { id: 'j' }, groupIds: ['a'] }) });
      expect((await client.library.duplicateChecks.start(['a'])).job?.id).toBe('j');
    });

    it('are answered over HTTP: ids from the path, pages from the query', async () => {
      const createdAt = new Date('2026-01-31T12:00:00Z');
      library.answer = () =>
        ListPersonsResponse.fromPartial({
          persons: [{ id: 'p', faces: [{ quality: 0.1, createdAt }] }],
          total: 5_000_000_000,
        });
      const { status, json } = await http('GET', '/v1/groups/a/persons?size=20&cursor=c%2B1');
      expect(status).toBe(200);
      expect(library.asked).toMatchObject([
        { method: 'listPersons', request: { groupId: 'a', page: { size: 20, cursor: 'c+1' } } },
      ]);
      expect(json).toMatchObject({
        persons: [{ id: 'p', name: '', faces: [{ quality: 0.1, createdAt: '2026-01-31T12:00:00.000Z' }] }],
        nextCursor: '',
        total: 5_000_000_000,
      });
    });

    it.each(['a%b', 'a%25', 'a@b#c', '&_-', '%2F', '#'.repeat(64)])(
      'read the id %s from a path',
      async (id) => {
        library.answer = () => GetPersonResponse.fromPartial({});
        await http('GET', `/v1/persons/${encodeURIComponent(id)}`);
        expect(library.asked).toMatchObject([{ method: 'getPerson', request: { id } }]);
      },
    );

    it('take lists in a query', async () => {
      library.answer = () => DeleteFacesResponse.fromPartial({ deletedFaceIds: ['1'] });
      const one = await http('DELETE', '/v1/persons/p/faces?face_ids=1');
      expect(one.json).toEqual({ deletedFaceIds: ['1'] });
      await http('DELETE', '/v1/persons/p/faces?faceIds=1&faceIds=2');
      expect(library.asked).toMatchObject([
        { request: { personId: 'p', faceIds: ['1'] } },
        { request: { personId: 'p', faceIds: ['1', '2'] } },
      ]);
    });

    it('take bodies beside the path, and none where there is nothing to say', async () => {
      library.answer = () => ({ group: Group.fromPartial({ id: 'a' }) });
      const { status } = await http('PATCH', '/v1/groups/a', { fieldNames: [{ index: 1, name: 'floor' }] });
      expect(status).toBe(200);
      expect(library.asked).toMatchObject([
        { request: { id: 'a', name: undefined, fieldNames: [{ index: 1, name: 'floor' }] } },
      ]);
      library.answer = () => ({ check: DuplicateCheck.fromPartial({}) });
      await http('POST', '/v1/duplicate-checks/j/cancel');
      expect(library.asked[1]).toMatchObject({ method: 'cancelDuplicateCheck', request: { id: 'j' } });
    });

    it.each<[string, string, string, object | undefined, number, object]>([
      ['an id that differs', 'PATCH', '/v1/groups/a', { id: 'b' }, 400, { metadata: { field: 'id' } }],
      ['an unknown query', 'GET', '/v1/groups?limit=3', undefined, 400, { metadata: { field: 'limit' } }],
      [
        'too large a page',
        'GET',
        '/v1/groups?size=1001',
        undefined,
        400,
        { metadata: { field: 'page.size' } },
      ],
      ['a broken path', 'GET', '/v1/groups/%', undefined, 400, {}],
      ['an endless id', 'GET', `/v1/groups/${'a'.repeat(200)}`, undefined, 414, {}],
      ['another method', 'PUT', '/v1/groups/a', undefined, 405, {}],
    ])('are refused with %s', async (_, method, path, body, code, error) => {
      const { status, json } = await http(method, path, body);
      expect(status).toBe(code);
      expect(json).toMatchObject({ error: { reason: 'ARGUMENT_INVALID', ...error } });
      expect(library.asked).toEqual([]);
    });

    it('come back with the library’s reasons', async () => {
      library.answer = () => {
        throw toServiceError(new MienError('LIMIT_REACHED', 'full', { metadata: { limit: 'groups' } }));
      };
      const refused = { reason: 'LIMIT_REACHED', message: 'full', metadata: { limit: 'groups' } };
      await expect(client.library.createGroup({ id: 'a', name: 'A' })).rejects.toMatchObject(refused);
      const { status, json } = await http('POST', '/v1/groups', { id: 'a', name: 'A' });
      expect(status).toBe(409);
      expect(json).toMatchObject({ error: { code: 409, status: 'FAILED_PRECONDITION', ...refused } });
    });

    it('carry the trace that they belong to', async () => {
      library.answer = () => ({ group: Group.fromPartial({}) });
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      await http('GET', '/v1/groups/a', undefined, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
      expect(library.asked[0]?.metadata.get('traceparent')[0]).toMatch(`00-${traceId}-`);
    });

    it('end with their deadline', async () => {
      library.answer = () => new Promise(() => undefined);
      const { status, json } = await http('GET', '/v1/groups/a', undefined, { 'request-timeout-ms': '200' });
      expect(status).toBe(504);
      expect(json).toMatchObject({ error: { reason: 'DEADLINE_EXCEEDED' } });
    });
  });

  describe('a library that is not there', () => {
    it('is told, and found again when it comes back', async () => {
      const { library: late, port: itsPort } = await LibraryServer.start(0);
      late.stop();
      const other = await start({ MIEN_LIBRARY_ADDRESS: `127.0.0.1:${itsPort}` });
      const caller = new MienClient(`127.0.0.1:${other.grpcPort}`, { timeoutMs: 20_000, retries: 0 });
      await expect(caller.library.getGroup('a')).rejects.toMatchObject({ reason: 'LIBRARY_UNAVAILABLE' });
      const { library: back } = await LibraryServer.start(itsPort);
      back.answer = () => ({ group: Group.fromPartial({ id: 'a' }) });
      const again = async (): Promise<Group> =>
        caller.library.getGroup('a').catch((error: MienError) => {
          expect(error.reason).toBe('LIBRARY_UNAVAILABLE');
          return again();
        });
      expect((await again()).id).toBe('a');
      caller.close();
      await other.drain(1_000);
      back.stop();
    });

    it('is told before the deadline when it does not even answer a connection', async () => {
      const connections: Socket[] = [];
      const silent = createServer((socket) => connections.push(socket)).listen(0, '127.0.0.1');
      await new Promise((resolve) => silent.once('listening', resolve));
      const address = silent.address();
      const itsPort = typeof address === 'object' ? address?.port : undefined;
      const other = await start({ MIEN_LIBRARY_ADDRESS: `127.0.0.1:${itsPort}` });
      const caller = new MienClient(`127.0.0.1:${other.grpcPort}`, { retries: 0 });
      const asked = caller.library.getGroup('a', { timeoutMs: 2_000 });
      await expect(asked).rejects.toMatchObject({ reason: 'LIBRARY_UNAVAILABLE' });
      caller.close();
      await other.drain(1_000);
      for (const socket of connections) {
        socket.destroy();
      }
      silent.close();
    });

    it('is told apart from a gateway that was told of none', async () => {
      const other = await start({});
      const caller = new MienClient(`127.0.0.1:${other.grpcPort}`, { retries: 0 });
      const refused = { reason: 'CONFIGURATION_INVALID', metadata: { variable: 'MIEN_LIBRARY_ADDRESS' } };
      await expect(caller.library.getGroup('a')).rejects.toMatchObject(refused);
      await expect(caller.library.search(PHOTO, ['a'])).rejects.toMatchObject(refused);
      caller.close();
      await other.drain(1_000);
    });
  });

  describe('calls with a photo', () => {
    it('enrol somebody by way of the line, the photo apart from the request', async () => {
      let seen: Job | undefined;
      work = (job) => {
        seen = job;
        const value = CreatePersonResponse.fromPartial({ person: { id: 'p' } });
        return { ...job, library: { answer: { $case: 'createPerson', value } } };
      };
      const person = { groupId: 'g', id: 'p', name: 'P' };
      const answer = await client.library.createPerson(person, PHOTO, { qualityControl: 3 });
      expect(answer.person?.id).toBe('p');
      expect(visited).toEqual(['detector', 'landmark', 'embedder', 'library']);
      expect(seen?.options).toMatchObject({
        features: { quality: true, template: true, attributes: false },
        only: 'FACE_SELECTION_LARGEST',
        faceRequired: true,
        qualityControl: 3,
        library: {
          task: { $case: 'createPerson', value: { ...person, face: undefined, qualityControl: 3 } },
        },
      });
      expect(seen?.photos).toHaveLength(1);
      expect(await storedPhotos()).toBe(0);
    });

    it('verify over HTTP with a form', async () => {
      work = (job) => {
        const value = VerifyPersonResponse.fromPartial({ matched: true, score: 61.25, threshold: 60 });
        return { ...job, library: { answer: { $case: 'verifyPerson', value } } };
      };
      const form = new FormData();
      form.append('image', new Blob([new Uint8Array(PHOTO)]), 'photo.jpg');
      form.append('request', JSON.stringify({ matching: 'MATCHING_FUSED' }));
      const { status, json } = await http('POST', '/v1/persons/p%23/verify', form);
      expect(status).toBe(200);
      expect(json).toEqual({ matched: true, score: 61.25, threshold: 60, faceId: '', modelVersion: '' });
    });

    it('search for the largest faces, their quality controlled by the library', async () => {
      let seen: Job | undefined;
      work = (job) => {
        seen = job;
        return { ...job, library: { answer: { $case: 'search', value: SearchResponse.fromPartial({}) } } };
      };
      const settings = {
        qualityControl: 2,
        detection: { minFaceSize: 50 },
        matching: Matching.MATCHING_FUSED,
      };
      await client.library.search(PHOTO, ['a', 'b'], settings);
      expect(seen?.options).toMatchObject({
        detection: { maxFaces: 1, minFaceSize: 50 },
        features: { quality: true, template: true },
        only: undefined,
        qualityControl: 0,
        library: { task: { value: { groupIds: ['a', 'b'], qualityControl: 2, matching: 'MATCHING_FUSED' } } },
      });
      await client.library.search(PHOTO, ['a'], { maxFaces: 10 });
      expect(seen?.options?.detection?.maxFaces).toBe(10);
    });

    it('tell what a source has seen before they are answered, and no more than was asked for', async () => {
      const memberships = [{ groupId: 'a' }, { groupId: 'elsewhere' }];
      const candidates = [{ personId: 'ada', faceId: 'f', score: 82, person: { id: 'ada', memberships } }];
      const value = SearchResponse.fromPartial({ results: [{ candidates }, {}] });
      work = (job) => ({ ...job, library: { answer: { $case: 'search', value } } });
      const answer = await client.library.search(PHOTO, ['a', 'b'], { source: 'gate', maxFaces: 2 });
      expect(answer.results[0]?.candidates[0]).toMatchObject({ personId: 'ada', person: undefined });
      const events = runtime.bus.jsm.streams;
      const last = async (type: string) => {
        const found = await events.getMessage('MIEN_EVENTS', { last_by_subj: `mien.events.${type}` });
        return found?.json<{ data: object }>().data;
      };
      expect(await last('person.matched')).toMatchObject({
        source: 'gate',
        personId: 'ada',
        groupIds: ['a'],
        score: 82,
      });
      expect(await last('stranger.seen')).toMatchObject({ source: 'gate', groupIds: ['a', 'b'] });
    });

    it('go straight to the library with a template', async () => {
      let seen: Job | undefined;
      work = (job) => {
        seen = job;
        return { ...job, library: { answer: { $case: 'search', value: SearchResponse.fromPartial({}) } } };
      };
      const template = { modelVersion: 'm/1', vector: [0.5, 0.5] };
      await client.library.search(template, ['a']);
      expect(visited).toEqual(['library']);
      expect(seen?.photos).toEqual([]);
      expect(seen?.options?.library).toMatchObject({
        task: { value: { face: { $case: 'template', value: template } } },
      });
    });

    it('are told what is wrong with the photo', async () => {
      work = (job) => ({
        ...job,
        photos: job.photos.map((photo) => ({
          ...photo,
          problem: { reason: 'NO_FACE', message: 'the photo shows no face', stage: 'detector', metadata: {} },
        })),
      });
      await expect(client.library.verifyPerson('p', PHOTO)).rejects.toMatchObject({ reason: 'NO_FACE' });
      work = (job) => ({
        ...job,
        problem: { reason: 'PERSON_NOT_FOUND', message: 'nobody', stage: 'library', metadata: {} },
      });
      await expect(client.library.verifyPerson('p', PHOTO)).rejects.toMatchObject({
        reason: 'PERSON_NOT_FOUND',
      });
    });

    it('add faces: what is wrong with one photo is its own answer', async () => {
      let seen: Job | undefined;
      work = (job) => {
        seen = job;
        const results = job.photos.map((_, index) => ({
          result: { $case: 'face' as const, value: { id: `f${index}` } },
        }));
        return {
          ...job,
          library: { answer: { $case: 'addFaces', value: AddFacesResponse.fromPartial({ results }) } },
        };
      };
      const gif = Buffer.from('GIF89a');
      const results = await client.library.addFaces('p', [PHOTO, gif, PHOTO], { minimumSimilarity: 0 });
      expect(results).toMatchObject([
        { result: { $case: 'face', value: { id: 'f0' } } },
        { result: { $case: 'refusal', value: { reason: 'IMAGE_FORMAT_UNSUPPORTED' } } },
        { result: { $case: 'face', value: { id: 'f1' } } },
      ]);
      expect(seen?.photos).toHaveLength(2);
      expect(seen?.options?.library).toMatchObject({ task: { value: { images: [], minimumSimilarity: 0 } } });

      const form = new FormData();
      for (const bytes of [gif, PHOTO, PHOTO]) {
        form.append('images', new Blob([new Uint8Array(bytes)]), 'photo.jpg');
      }
      const { json } = await http('POST', '/v1/persons/p/faces', form);
      expect(json).toMatchObject({
        results: [
          { refusal: { reason: 'IMAGE_FORMAT_UNSUPPORTED' } },
          { face: { id: 'f0' } },
          { face: { id: 'f1' } },
        ],
      });
    });

    it('add no faces to nobody', async () => {
      library.answer = () => {
        throw toServiceError(new MienError('PERSON_NOT_FOUND', 'nobody'));
      };
      await expect(client.library.addFaces('p', [Buffer.from('GIF89a')])).rejects.toMatchObject({
        reason: 'PERSON_NOT_FOUND',
      });
      expect(visited).toEqual([]);
    });

    it.each<[string, () => Promise<unknown>, object]>([
      ['no photo', () => client.library.verifyPerson('p', Buffer.alloc(0)), { reason: 'IMAGE_MISSING' }],
      [
        'no group',
        () => client.library.search(PHOTO, []),
        { metadata: { field: 'group_ids', minimum: '1', maximum: '100' } },
      ],
      [
        '11 faces',
        () => client.library.search(PHOTO, ['a'], { maxFaces: 11 }),
        { metadata: { field: 'max_faces' } },
      ],
      [
        '101 candidates',
        () => client.library.search(PHOTO, ['a'], { maxCandidates: 101 }),
        { metadata: { field: 'max_candidates' } },
      ],
      [
        '21 photos',
        () => client.library.addFaces('p', Array(21).fill(PHOTO)),
        { metadata: { field: 'images' } },
      ],
      [
        'quality control 5',
        () => client.library.verifyPerson('p', PHOTO, { qualityControl: 5 }),
        { metadata: { field: 'quality_control' } },
      ],
      [
        'a threshold of 101',
        () => client.library.verifyPerson('p', PHOTO, { threshold: 101 }),
        { metadata: { field: 'threshold' } },
      ],
      [
        'a template of no model',
        () => client.library.search({ modelVersion: '', vector: [1] }, ['a']),
        { metadata: { field: 'template.model_version' } },
      ],
      [
        'a template that is none',
        () => client.library.search({ modelVersion: 'm', vector: [Number.NaN] }, ['a']),
        { metadata: { field: 'template.vector' } },
      ],
    ])('are refused with %s before the line sees them', async (_, request, error) => {
      await expect(request()).rejects.toMatchObject(error);
      expect(visited).toEqual([]);
    });
  });
});
