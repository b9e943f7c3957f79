import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pino from 'pino';
import { baseConfigSchema } from './config/base-config';
import { parseConfig } from './config/parse-config';
import { openObjectStore } from './object-store';

const logger = pino({ level: 'silent' });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-objects-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function configOf(env: Record<string, string>) {
  return parseConfig({ base: baseConfigSchema }, { MIEN_DATA_DIR: folder, ...env }).base;
}

async function unusedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

describe('the object store of the configuration', () => {
  it('is a folder, encrypted when there are keys', async () => {
    const keys = { MIEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64') };
    const store = await openObjectStore(configOf(keys), logger, false);
    const { key } = await store.put(Buffer.alloc(1_000, 'face'), { prefix: 'photos' });
    const [, name = ''] = key.split('/');
    const stored = await readFile(join(folder, 'blobs', 'photos', name.slice(0, 2), name));
    expect(stored.includes('face')).toBe(false);
    const again = await openObjectStore(configOf(keys), logger, false);
    expect((await again.get({ key })).equals(Buffer.alloc(1_000, 'face'))).toBe(true);
    expect(await readdir(folder)).toEqual(['blobs']);
  });

  it('is waited for when that is wanted, and told of otherwise', async () => {
    const endpoint = await unusedAddress();
    const config = configOf({
      MIEN_OBJECT_STORE: 'minio',
      MIEN_S3_ENDPOINT: endpoint,
      MIEN_S3_ACCESS_KEY: 'mien',
      MIEN_S3_SECRET_KEY: 'secret',
    });
    await expect(openObjectStore(config, logger, false)).rejects.toMatchObject({
      reason: 'OBJECT_STORE_UNAVAILABLE',
    });
    // Something comes up there that refuses everybody: waiting is over, in the way that waiting can't help.
    const server = createServer((_request, response) => response.writeHead(403).end());
    const telling = new PassThrough();
    const waiting = openObjectStore(config, pino(telling), true);
    await once(telling, 'data');
    server.listen(Number(new URL(endpoint).port), '127.0.0.1');
    await expect(waiting).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
    server.closeAllConnections();
    server.close();
  });
});
