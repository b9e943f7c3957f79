import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, startInOneProcess } from '@mien/platform';
import { CompareResponse, DetectResponse } from '@mien/proto';
import { type Face, MienClient } from '@mien/sdk';
import sharp from 'sharp';
import { ALL_FEATURES } from '../photos/all-features';
import { packagedPhotos } from '../photos/packaged';
import { repositoryRoot } from '../photos/repository';

const [PHOTO = ''] = packagedPhotos().map((photo) => photo.path);
const PEOPLE = 3;

/** The whole platform, with real models, asked over both of its interfaces. */
describe('the front door', () => {
  let folder: string;
  let platform: Platform;
  let client: MienClient;
  let photoServer: Server;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-front-door-'));
    platform = await startInOneProcess({
      PATH: process.env['PATH'],
      MIEN_NATS_SERVER: process.env['MIEN_NATS_SERVER'],
      MIEN_DATA_DIR: folder,
      MIEN_MODEL_PACK: join(repositoryRoot(), '.mien/models/default/manifest.json'),
      MIEN_GATEWAY_AUTH: 'none',
      MIEN_GATEWAY_GRPC_PORT: '0',
      MIEN_GATEWAY_HTTP_PORT: '0',
      MIEN_LOG_LEVEL: 'error',
      MIEN_URL_ALLOWED_NETWORKS: '127.0.0.1/32',
    });
    client = new MienClient(platform.grpcAddress, { timeoutMs: 60_000 });
    photoServer = createServer((_, response) => createReadStream(PHOTO).pipe(response));
    await new Promise<void>((resolve) => photoServer.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    client?.close();
    await platform?.stop();
    photoServer?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Posts a form and gives back the status and the JSON of the answer. */
  const post = async (path: string, parts: Record<string, Buffer | string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parts)) {
      form.append(name, typeof value === 'string' ? value : new Blob([new Uint8Array(value)]));
    }
    const response = await fetch(`http://${platform.httpAddress}${path}`, { method: 'POST', body: form });
    return { status: response.status, json: await response.json() };
  };

  it('answers a detection with everything that was asked for', async () => {
    const { faces, imageWidth, imageHeight } = await client.detect(PHOTO, { features: ALL_FEATURES });
    const { width, height } = await sharp(PHOTO).metadata();
    expect([imageWidth, imageHeight]).toEqual([width, height]);
    expect(faces).toHaveLength(PEOPLE);
    for (const face of faces) {
      expect(pointsOf(face)).toBe(90);
      expect(face.mesh).toHaveLength(468);
      expect(face.alignment).toHaveLength(5);
      expect(face.quality?.score).toBeGreaterThan(0);
      expect(face.attributes?.expression?.emotions).toHaveLength(7);
      expect(face.liveness?.threshold).toBeGreaterThan(0);
      const vector = face.template?.vector ?? [];
      expect(vector).toHaveLength(512);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
    }
    const areas = faces.map(({ box }) => (box?.width ?? 0) * (box?.height ?? 0));
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
  });

  it('computes nothing that was not asked for', async () => {
    const { faces } = await client.detect(PHOTO, { detection: { maxFaces: 1 } });
    expect(faces).toHaveLength(1);
    expect(faces[0]).toMatchObject({
      landmarks: undefined,
      mesh: [],
      quality: undefined,
      template: undefined,
    });
  });

  it('gives the same answer over HTTP, of a file, of base64 and of an address', async () => {
    const wanted = await client.detect(PHOTO, { features: { landmarks: true } });
    const bytes = await readFile(PHOTO);
    const features = { landmarks: true };
    const file = await post('/v1/detect', { image: bytes, request: JSON.stringify({ features }) });
    const url = `http://127.0.0.1:${(photoServer.address() as AddressInfo).port}/photo`;
    const fetched = await post('/v1/detect', { request: JSON.stringify({ features, image: { url } }) });
    const inline = await fetch(`http://${platform.httpAddress}/v1/detect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ features, image: { content: bytes.toString('base64') } }),
    });
    for (const json of [file.json, fetched.json, await inline.json()]) {
      expect(asSent(DetectResponse.fromJSON(json))).toEqual(asSent(wanted));
    }
  });

  it('finds the same person in a photo and in a smaller copy of it', async () => {
    const smaller = await sharp(PHOTO).resize({ width: 1200 }).png().toBuffer();
    const compared = await client.compare(PHOTO, smaller);
    expect(compared.similarity?.score).toBeGreaterThanOrEqual(60);
    expect(compared.similarity?.modelVersion).not.toBe('');
    const overHttp = await post('/v1/compare', { image_a: await readFile(PHOTO), image_b: smaller });
    expect(CompareResponse.fromJSON(overHttp.json).similarity?.score).toBeCloseTo(
      compared.similarity?.score ?? 0,
      2,
    );
  });

  it('names the photo of a comparison that shows nobody', async () => {
    const nobody = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#7a8b9c' } })
      .jpeg()
      .toBuffer();
    await expect(client.compare(PHOTO, nobody)).rejects.toMatchObject({
      reason: 'NO_FACE',
      metadata: { photo: 'b' },
    });
    const { status, json } = await post('/v1/compare', { image_a: nobody, image_b: await readFile(PHOTO) });
    expect(status).toBe(422);
    expect(json).toMatchObject({ error: { reason: 'NO_FACE', metadata: { photo: 'a' } } });
    await expect(client.checkLiveness(nobody)).rejects.toMatchObject({ reason: 'NO_FACE' });
    expect((await client.detect(nobody)).faces).toEqual([]);
  });

  it('refuses a face that falls short of the quality asked for', async () => {
    const blurred = await sharp(PHOTO).blur(9).jpeg().toBuffer();
    await expect(client.compare(PHOTO, blurred, { qualityControl: 4 })).rejects.toMatchObject({
      reason: 'FACE_QUALITY_TOO_LOW',
      metadata: { photo: expect.stringMatching(/^[ab]$/) },
    });
  });

  it('judges whether the largest face is live, at the threshold asked for', async () => {
    const own = await client.checkLiveness(PHOTO);
    expect(own.face?.liveness).toMatchObject({ refusalReason: '' });
    const score = own.face?.liveness?.score ?? 0;
    const lax = await client.checkLiveness(PHOTO, { threshold: 0 });
    expect(lax.face?.liveness).toMatchObject({ live: true, threshold: 0 });
    const strict = await client.checkLiveness(PHOTO, { threshold: 100 });
    expect(strict.face?.liveness).toMatchObject({ live: score >= 100, threshold: 100 });
    const tiny = await sharp(PHOTO).resize({ width: 240 }).png().toBuffer();
    await expect(client.checkLiveness(tiny)).rejects.toMatchObject({ reason: 'FACE_TOO_SMALL' });
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    ['cut short', async () => (await readFile(PHOTO)).subarray(0, 20_000), 'IMAGE_CORRUPT'],
    [
      'too small for a face',
      () => sharp(PHOTO).resize({ width: 8 }).png().toBuffer(),
      'IMAGE_DIMENSIONS_TOO_SMALL',
    ],
    ['not a photo', async () => Buffer.from('hello'), 'IMAGE_FORMAT_UNSUPPORTED'],
  ])('tells of a photo that is %s', async (_, photo, reason) => {
    await expect(client.detect(await photo())).rejects.toMatchObject({ reason });
  });

  it('does not wait longer than its caller', async () => {
    const request = client.detect(PHOTO, { features: ALL_FEATURES, timeoutMs: 5 });
    await expect(request).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
  });
});

function pointsOf({ landmarks }: Face): number {
  return Object.values(landmarks ?? {}).reduce((sum, group) => sum + group.length, 0);
}

/** As it looks after a passage over the wire: floats of 32 bits. */
function asSent(response: DetectResponse): DetectResponse {
  return DetectResponse.decode(DetectResponse.encode(response).finish());
}
