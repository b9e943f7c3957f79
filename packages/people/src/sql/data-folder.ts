import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MienError } from '@mien/errors';

/** A folder that is this process's alone until it ends or lets go. */
export interface OwnedFolder {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Makes the folder and takes it. Two PGlites in one folder would destroy it. The mark is a socket that is listened
 * to: unlike a file with a process id, it says truly whether its owner lives. Throws CONFIGURATION_INVALID when
 * another has the folder.
 */
export async function ownFolder(folder: string): Promise<OwnedFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = await realpath(folder);
  const server = await listenAlone(socketOf(path), path);
  return {
    path,
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/**
 * Linux has names for sockets that are no files and go with their process. Elsewhere it is a file, which can't lie
 * inside the folder: its path may have about 100 bytes only.
 */
function socketOf(path: string): string {
  const name = `mien-${createHash('sha256').update(path).digest('hex').slice(0, 24)}.sock`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
}

async function listenAlone(socket: string, folder: string): Promise<Server> {
  try {
    return await listen(socket);
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) {
      throw error;
    }
    if (await isAlive(socket)) {
      throw new MienError('CONFIGURATION_INVALID', `the folder ${folder} is in use by another process`, {
        cause: error,
      });
    }
    // Its owner was killed.
    await rm(socket, { force: true });
    return listen(socket);
  }
}

function listen(socket: string): Promise<Server> {
  const server = createServer((connection) => connection.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      server.off('error', reject);
      server.unref();
      resolve(server);
    });
  });
}

function isAlive(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
