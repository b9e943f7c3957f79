import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../../photos/repository';

/** `mien up` as a user starts it, in a process of its own, with a data folder that goes when it stops. */
export interface MienUp {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly opsAddress: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the platform on free ports and waits until it is ready. Environment variables are settings; a data folder
 * that is given stays.
 */
export async function mienUp(settings: NodeJS.ProcessEnv = {}, keptDataDir?: string): Promise<MienUp> {
  const dataDir = keptDataDir ?? (await mkdtemp(join(tmpdir(), 'mien-bench-')));
  const cli = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');
  const args = ['up', '--data-dir', dataDir, '--grpc-port', '0', '--http-port', '0', '--json'];
  const child = spawn(process.execPath, [cli, ...args], {
    // What keys cost has a benchmark of its own.
    env: { ...process.env, MIEN_GATEWAY_AUTH: 'none', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const addresses = await announcement(child);
  return {
    ...addresses,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) {
        await once(child, 'exit');
      }
      if (keptDataDir === undefined) {
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  };
}

async function announcement(child: ChildProcess): Promise<Omit<MienUp, 'pid' | 'stop'>> {
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      return JSON.parse(line);
    }
  }
  throw new Error('`mien up` ended before it was ready');
}
