import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { Face, type Job, Lane } from '@mien/proto';
import { MienClient, type NamedPhoto, Priority } from '@mien/sdk';
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

/** How cosines become scores, for the stages of this test. */
const KNOTS = [
  { cosine: 0, score: 20 },
  { cosine: 1, score: 100 },
];
const EMPTY_FACE = {
  rotation: 0,
  context: undefined,
  liveness: undefined,
  aligned: undefined,
  mesh: [],
  meshPresence: 0,
  otherTemplates: [],
};

/** A photo as far as the gateway looks; its fifth byte says who is in it: 0 nobody, 255 nothing that can be read. */
const photoOf = (person: number) =>
  Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from([person]), Buffer.alloc(59, 1)]);
const named = (name: string, person: number): NamedPhoto => ({ name, photo: photoOf(person) });
const album = (...people: number[]) => people.map((person, index) => named(`photo ${index}`, person));

describe('clustering through the gateway on a real bus', () => {
  let folder: string;
  let server: NatsServer;
  let runtime: Runtime;
  let stages: RunningStage[];
  let gateway: RunningGateway;
  let client: MienClient;
  let lanes: Lane[];
  let seen: (job: Job) => Promise<void>;
  const telemetry = startTelemetry({ service: 'test' });

  /** A line without models: the photo's byte becomes a face, its template a direction of that person's own. */
  const behaviours: Readonly<Record<string, (job: Job, bytes: Buffer) => Job>> = {
    detector: (job, bytes) => {
      const [photo] = job.photos;
      const person = bytes[4] ?? 0;
      if (photo !== undefined && person === 255) {
        photo.problem = { reason: 'IMAGE_CORRUPT', message: 'cut short', stage: 'detector', metadata: {} };
      } else if (photo !== undefined && person > 0) {
        const answer = Face.fromPartial({ confidence: 0.5, box: { x: person, y: 2, width: 3, height: 4 } });
        photo.faces = [{ ...EMPTY_FACE, answer }];
      }
      return job;
    },
    landmark: (job) => job,
    embedder: (job) => {
      for (const face of job.photos.flatMap(({ faces }) => faces)) {
        const vector = Array.from({ length: 8 }, (_, at) => (at === (face.answer?.box?.x ?? 0) % 8 ? 1 : 0));
        Object.assign(face.answer ?? {}, { template: { modelVersion: 'test/1', vector } });
      }
      return job.options?.calibration ? { ...job, calibration: { knots: KNOTS } } : job;
    },
  };
  const factories = (['detector', 'landmark', 'embedder'] as const).map(
    (name): StageFactory<object> => ({
      name,
      configSchema: z.object({}),
      create: async () => ({
        process: async (job, context) => {
          const [photo] = job.photos;
          if (name !== 'detector' || photo?.image === undefined) {
            return behaviours[name]?.(job, Buffer.alloc(0)) ?? job;
          }
          lanes.push(job.lane);
          await seen(job);
          return behaviours[name]?.(job, Buffer.from(await context.readImage(photo.image))) ?? job;
        },
        close: async () => undefined,
      }),
    }),
  );
  const parsed = () =>
    parseConfig(
      { base: baseConfigSchema, gateway: gatewayConfigSchema },
      { MIEN_NATS_URL: server.url, MIEN_DATA_DIR: folder, MIEN_GATEWAY_AUTH: 'none' },
    );
  const start = () => startGateway(runtime, { ...parsed().gateway, grpcPort: 0, httpPort: 0 });
  const form = (photos: readonly NamedPhoto[], settings?: object): FormData => {
    const body = new FormData();
    if (settings !== undefined) {
      body.append('request', JSON.stringify(settings));
    }
    for (const { name, photo } of photos) {
      body.append('image', new Blob([new Uint8Array(photo as Buffer)]), name);
    }
    return body;
  };
  const post = async (body: FormData) => {
    const url = `http://127.0.0.1:${gateway.httpPort}/v1/clusters`;
    const answer = await fetch(url, { method: 'POST', body });
    return { status: answer.status, json: (await answer.json()) as { readonly error?: object } };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-clusters-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../.mien/bin')],
    });
    server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const logger = pino({ level: 'silent' });
    runtime = await openRuntime({ service: 'test', config: parsed().base, telemetry, logger });
    stages = await Promise.all(
      factories.map((factory) => startStage(factory, runtime, { config: {}, concurrency: 16 })),
    );
    gateway = await start();
    client = new MienClient(`127.0.0.1:${gateway.grpcPort}`, { timeoutMs: 60_000, retries: 0 });
  });

  afterAll(async () => {
    client.close();
    await gateway.drain(1_000);
    await Promise.all(stages.map((stage) => stage.drain(1_000)));
    await runtime.close();
    await server.stop();
    await telemetry.shutdown();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => {
    lanes = [];
    seen = async () => undefined;
  });

  it('sorts faces by person, tells of photos that it could not use, and keeps none', async () => {
    const { clusters, refused, modelVersion } = await client.clusterPhotos([
      ...album(3, 1, 3, 0, 2, 3, 1),
      named('cut short', 255),
      { name: 'a GIF', photo: Buffer.from('GIF89a') },
    ]);
    expect(clusters.map(({ faces }) => faces.map(({ photo }) => photo))).toEqual([
      ['photo 0', 'photo 2', 'photo 5'],
      ['photo 1', 'photo 6'],
      ['photo 4'],
    ]);
    expect(clusters.map(({ minimumScore }) => minimumScore)).toEqual([100, 100, undefined]);
    expect(clusters[1]?.meanScore).toBeCloseTo(100, 5);
    expect(clusters[2]?.faces[0]).toMatchObject({ confidence: 0.5, box: { x: 2, width: 3 } });
    expect(refused).toEqual([
      { photo: 'cut short', refusal: { reason: 'IMAGE_CORRUPT', message: 'cut short' } },
      { photo: 'a GIF', refusal: { reason: 'IMAGE_FORMAT_UNSUPPORTED', message: expect.any(String) } },
    ]);
    expect(modelVersion).toBe('test/1');
    const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('answers an album without faces, and one without photos, with no clusters', async () => {
    expect(await client.clusterPhotos(album(0, 0))).toEqual({ clusters: [], refused: [], modelVersion: '' });
    expect(await client.clusterPhotos([])).toEqual({ clusters: [], refused: [], modelVersion: '' });
  });

  it('joins from the score on that it is told', async () => {
    // Strangers here have a cosine of 0, whose score is 20.
    const clusters = async (minimumScore: number) =>
      (await client.clusterPhotos(album(1, 2, 3), { minimumScore })).clusters.length;
    expect(await clusters(20)).toBe(1);
    expect(await clusters(21)).toBe(3);
  });

  it('lets single photos pass, unless told not to', async () => {
    await client.clusterPhotos(album(1));
    await client.clusterPhotos(album(1), { priority: Priority.PRIORITY_INTERACTIVE });
    expect(lanes).toEqual([Lane.LANE_BATCH, Lane.LANE_INTERACTIVE]);
  });

  it('works on eight photos at once and takes further ones as these are done', async () => {
    let asked = 0;
    let [working, most] = [0, 0];
    async function* photos() {
      for (let index = 0; index < 60; index++) {
        asked++;
        yield named(`photo ${index}`, 1);
      }
    }
    const release: (() => void)[] = [];
    seen = async () => {
      working++;
      most = Math.max(most, working);
      // The first eight wait until all of them are there: no fewer are worked on.
      if (release.length < 7) {
        await new Promise<void>((resolve) => release.push(resolve));
      } else {
        release.forEach((go) => {
          go();
        });
      }
      working--;
    };
    const { clusters } = await client.clusterPhotos(photos());
    expect(clusters.map(({ faces }) => faces.length)).toEqual([60]);
    expect(asked).toBe(60);
    expect(most).toBe(8);
  });

  it.each<[string, readonly NamedPhoto[], object]>([
    ['two photos of one name', [named('a', 1), named('a', 2)], { metadata: { field: 'photo.name' } }],
    ['a photo without a name', [named('', 1)], { metadata: { field: 'photo.name' } }],
    ['a name that is too long', [named('é'.repeat(129), 1)], { metadata: { field: 'photo.name' } }],
  ])('refuses %s', async (_, photos, error) => {
    await expect(client.clusterPhotos(photos)).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      ...error,
    });
  });

  it('refuses settings that may not be before it takes any photo', async () => {
    let taken = 0;
    async function* endless() {
      for (;;) {
        yield named(`photo ${taken++}`, 1);
      }
    }
    const request = client.clusterPhotos(endless(), { minimumScore: 101 });
    await expect(request).rejects.toMatchObject({ metadata: { field: 'minimum_score' } });
    expect(lanes).toEqual([]);
  });

  it('refuses the photo after the thousandth', async () => {
    // GIFs, so that the line has nothing to do with them.
    const photos = Array.from({ length: 1_001 }, (_, index) => ({
      name: String(index),
      photo: Buffer.from('GIF89a'),
    }));
    await expect(client.clusterPhotos(photos)).rejects.toMatchObject({ metadata: { field: 'photo' } });
    expect((await client.clusterPhotos(photos.slice(1))).refused).toHaveLength(1_000);
  });

  it('answers in time when photos stop to come', async () => {
    async function* stalled() {
      yield named('a', 1);
      await new Promise(() => undefined);
    }
    const request = client.clusterPhotos(stalled(), { timeoutMs: 1_000 });
    await expect(request).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
  });

  it('stops when its caller does', async () => {
    const other = await start();
    const caller = new MienClient(`127.0.0.1:${other.grpcPort}`, { retries: 0 });
    const abort = new AbortController();
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    seen = async () => {
      abort.abort(new Error('enough'));
      await finished;
    };
    const request = caller.clusterPhotos(album(1, 1), { signal: abort.signal });
    await expect(request).rejects.toThrow('enough');
    // The stage still works, yet no request is under way that a drain would wait for.
    await other.drain(60_000);
    finish();
    caller.close();
  });

  it('passes on what the source of the photos throws', async () => {
    async function* broken() {
      yield named('a', 1);
      throw new Error('no such album');
    }
    await expect(client.clusterPhotos(broken())).rejects.toThrow('no such album');
    await expect(client.clusterPhotos([{ name: 'a', photo: '/nowhere.jpg' }])).rejects.toThrow('ENOENT');
  });

  it('answers over HTTP as over gRPC', async () => {
    const photos = [...album(2, 1, 2), named('cut short', 255)];
    const { status, json } = await post(form(photos, { minimum_score: 60 }));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      clusters: [
        { faces: [{ photo: 'photo 0', box: { x: 2 } }, { photo: 'photo 2' }], minimumScore: 100 },
        { faces: [{ photo: 'photo 1' }] },
      ],
      refused: [{ photo: 'cut short', refusal: { reason: 'IMAGE_CORRUPT' } }],
      modelVersion: 'test/1',
    });
    expect((await post(form([]))).json).toMatchObject({ clusters: [] });
  });

  it.each<[string, () => FormData, object]>([
    ['unknown settings', () => form(album(1), { threshold: 1 }), { field: 'threshold' }],
    ['a score beyond the range', () => form(album(1), { minimumScore: 101 }), { field: 'minimumScore' }],
    ['settings after a photo', () => late(form(album(1))), { field: 'settings' }],
    [
      'two photos of one name',
      () => form([named('a', 1), named('a', 1), ...album(1, 2)]),
      { field: 'photo.name' },
    ],
    ['another part', () => other(form(album(1))), { field: 'photo' }],
  ])('refuses over HTTP %s', async (_, body, metadata) => {
    const { status, json } = await post(body());
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ reason: 'ARGUMENT_INVALID', metadata });
  });

  it('takes albums as forms only, and only by POST', async () => {
    const url = `http://127.0.0.1:${gateway.httpPort}/v1/clusters`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(400);
    expect((await fetch(url)).status).toBe(405);
  });
});

function late(body: FormData): FormData {
  body.append('request', '{}');
  return body;
}

function other(body: FormData): FormData {
  body.append('photo', new Blob([new Uint8Array(4)]), 'x.jpg');
  return body;
}
