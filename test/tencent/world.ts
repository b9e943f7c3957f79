import { readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { startInOneProcess } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import sharp from 'sharp';
import { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/iai/v20200303/iai_client';
import { Client as OlderClient } from 'tencentcloud-sdk-nodejs-2021/tencentcloud/services/iai/v20200303/iai_client';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { packagedPhotos } from '../photos/packaged';
import { defaultModelPack } from '../photos/repository';
import { singleFaces } from '../photos/single-faces';

/** A running platform, the official clients that ask it, and what they show it. */
export interface World {
  readonly client: Client;
  /** Has the actions that were withdrawn since. */
  readonly older: OlderClient;
  readonly httpAddress: string;
  readonly grpcAddress: string;
  /** Goes with the world. */
  readonly folder: string;
  /** A group photo of three people, in base64 as all others. */
  readonly group: string;
  /** 22 people, each alone in a small picture; the first three are those of the group photo. */
  person(number: number): string;
  /** Nobody. */
  readonly blank: string;
  /** The first of the single people, too small to be looked for by default. */
  readonly small: string;
  /** Where the group photo can be fetched from, and an address that has none. */
  readonly photoUrl: string;
  readonly missingUrl: string;
  readonly stop: () => Promise<void>;
}

interface WorldOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A second embedding model, with the names that both have here. */
  readonly secondModel?: boolean;
}

/** The second model: the first one, averaged over the picture and its mirror image. */
const SECOND_MODEL = 'fr-feature-1-averaging';

export async function openWorld(name: string, options: WorldOptions = {}): Promise<World> {
  const settings = await testSettings(name);
  const photos = await photoServer(packagedPhotos()[0]?.path ?? '');
  const platform = await startInOneProcess({
    ...settings.env,
    MIEN_URL_ALLOWED_NETWORKS: '127.0.0.0/8',
    ...(options.secondModel ? await secondModel(settings) : {}),
    ...options.env,
  });
  const mien = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
  const singles = await singleFaces(mien);
  mien.close();
  const { port } = photos.address() as AddressInfo;
  return {
    ...clientsOf(platform.httpAddress, { secretId: 'nobody', secretKey: 'asks for keys here' }),
    httpAddress: platform.httpAddress,
    grpcAddress: platform.grpcAddress,
    folder: settings.folder,
    group: readFileSync(packagedPhotos()[0]?.path ?? '').toString('base64'),
    person: (number) => (singles[number] ?? Buffer.alloc(0)).toString('base64'),
    blank: (await blank(300, 300)).toString('base64'),
    small: (await small(singles[0] ?? Buffer.alloc(0))).toString('base64'),
    photoUrl: `http://127.0.0.1:${port}/photo.jpg`,
    missingUrl: `http://127.0.0.1:${port}/missing.jpg`,
    stop: async () => {
      await platform.stop();
      photos.close();
      photos.closeAllConnections();
      await settings.remove();
    },
  };
}

/** Who signs requests. */
export interface Credential {
  readonly secretId: string;
  readonly secretKey: string;
}

/** The official clients as their users set them up, but for the endpoint. */
export function clientsOf(
  address: string,
  credential: Credential,
  profile: { language?: 'zh-CN' | 'en-US'; signMethod?: 'HmacSHA1' | 'HmacSHA256' } = {},
): Pick<World, 'client' | 'older'> {
  const config = {
    credential: { ...credential },
    region: 'ap-guangzhou',
    profile: { ...profile, httpProfile: { endpoint: address, protocol: 'http://', reqTimeout: 60 } },
  };
  return { client: new Client(config), older: new OlderClient(config) };
}

async function photoServer(path: string): Promise<Server> {
  const photo = readFileSync(path);
  const server = createServer((request, response) => {
    if (request.url === '/photo.jpg') {
      response.setHeader('content-type', 'image/jpeg').end(photo);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export function blank(width: number, height: number, format: 'jpeg' | 'png' | 'gif' | 'webp' = 'jpeg') {
  return sharp({ create: { width, height, channels: 3, background: '#8899aa' } })
    .toFormat(format)
    .toBuffer();
}

/** The picture on a wide ground, so much smaller that its face has about 26 pixels. */
async function small(picture: Buffer): Promise<Buffer> {
  const face = await sharp(picture).resize({ width: 78, height: 78, fit: 'inside' }).toBuffer();
  return sharp({ create: { width: 160, height: 160, channels: 3, background: '#8899aa' } })
    .composite([{ input: face }])
    .png()
    .toBuffer();
}

/** Settings for a second embedding model, which groups of the first can be moved to. */
export async function secondModel({ folder }: TestSettings): Promise<NodeJS.ProcessEnv> {
  const manifest = JSON.parse(readFileSync(defaultModelPack(), 'utf8'));
  const models = manifest.models.flatMap((model: { task: string; file: string; embedding: object }) =>
    model.task === 'embedding'
      ? [{ ...model, version: SECOND_MODEL, embedding: { ...model.embedding, flipAverage: true } }]
      : [],
  );
  await copyFile(join(dirname(defaultModelPack()), 'embedding.onnx'), join(folder, 'embedding.onnx'));
  const path = join(folder, 'second.json');
  await writeFile(path, JSON.stringify({ ...manifest, models }));
  return {
    MIEN_EXTRA_EMBEDDING_PACKS: path,
    MIEN_TENCENT_FACE_MODELS: `2.0=fr-feature-1,3.0=${SECOND_MODEL}`,
  };
}
