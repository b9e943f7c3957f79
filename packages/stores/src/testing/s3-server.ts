import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { MinioOptions } from '../s3/minio-store';

/** Where the bootstrap builds it. */
const BUILT = join(__dirname, '../../../../.mien/bin');

type Access = Pick<MinioOptions, 'endpoint' | 'accessKey' | 'secretKey'>;

/** A server to test against; whoever started it stops it. */
export interface S3Server extends Access {
  stop(): Promise<void>;
}

/**
 * How to get a server: the running one that S3_URL names (`http://key:secret@host:9000`), or a versitygw of the
 * test's own: MIEN_S3_SERVER, on the PATH or as the bootstrap built it. Undefined when there is none.
 */
export function findS3Server(env: NodeJS.ProcessEnv): (() => Promise<S3Server>) | undefined {
  const url = env['S3_URL'];
  if (url !== undefined && url !== '') {
    return async () => ({ ...accessOf(new URL(url)), stop: async () => undefined });
  }
  const binary = findVersitygw(env);
  return binary === undefined ? undefined : () => startVersitygw(binary);
}

export function findVersitygw(env: NodeJS.ProcessEnv): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), BUILT].filter((folder) => folder !== '');
  const explicit = env['MIEN_S3_SERVER'];
  return explicit !== undefined && explicit !== ''
    ? explicit
    : folders.map((folder) => join(folder, 'versitygw')).find(isExecutable);
}

/** A real S3 server over a folder of its own, which can keep versions. */
export async function startVersitygw(binary: string): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'mien-s3-'));
  const [data, sidecar, versions] = ['data', 'sidecar', 'versions'].map((name) => join(folder, name));
  await Promise.all([data, sidecar, versions].map((each) => mkdir(each ?? folder)));
  const [accessKey, secretKey] = ['mien-tests', randomBytes(20).toString('hex')];
  const port = await freePort();
  const server = spawn(
    binary,
    [
      ...['--port', `127.0.0.1:${port}`, '--keep-alive', '--health', '/health'],
      ...['posix', '--sidecar', sidecar ?? folder, '--versioning-dir', versions ?? folder, data ?? folder],
    ],
    {
      env: { PATH: process.env['PATH'], ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      stdio: 'ignore',
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  await readiness(server, endpoint);
  return {
    endpoint,
    accessKey,
    secretKey,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accessOf(url: URL): Access {
  return {
    endpoint: url.origin,
    accessKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Asks until it answers: it says where it listens a moment before it does. */
async function readiness(server: ChildProcess, endpoint: string): Promise<void> {
  while (!(await answers(`${endpoint}/health`))) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error(`the S3 server ended with ${server.exitCode ?? server.signalCode}`);
    }
    await setTimeout(20);
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
