import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { repositoryRoot } from '../../photos/repository';
import { within } from '../campaign';

interface Addresses {
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly opsAddress: string;
}

/** Lines of the log that a failure shows. */
const LOG_LINES = 12;
const READY_MS = 120_000;

/**
 * The whole platform in a process of its own, over a nats-server that the fuzzers may talk to as well. A process apart
 * can die, and its memory is its own.
 */
export class FuzzTarget {
  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string[],
    private readonly bus: NatsServer,
    private readonly folder: string,
    readonly addresses: Addresses,
  ) {}

  static async start(settings: NodeJS.ProcessEnv): Promise<FuzzTarget> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-fuzz-'));
    const { MIEN_NATS_SERVER: explicit, PATH: path } = process.env;
    const binary = findNatsServer({ explicit, path, folders: [join(repositoryRoot(), '.mien', 'bin')] });
    const bus = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const cli = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');
    const data = join(folder, 'data');
    const ports = ['--grpc-port', '0', '--http-port', '0', '--ops-port', '0'];
    const child = spawn(process.execPath, [cli, 'up', '--data-dir', data, ...ports, '--json'], {
      env: { ...process.env, MIEN_NATS_URL: bus.url, MIEN_LOG_LEVEL: 'error', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: string[] = [];
    try {
      const addresses = await within(READY_MS, 'the platform', readAddresses(child, log));
      return new FuzzTarget(child, log, bus, folder, addresses);
    } catch (error) {
      child.kill('SIGKILL');
      await bus.stop();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get busUrl(): string {
    return this.bus.url;
  }

  /** Parts of paths of this run that no answer may tell. */
  get secrets(): string[] {
    return [this.folder, repositoryRoot()];
  }

  /** Resident memory of the platform now, in MB (Linux: VmRSS of /proc/<pid>/status). */
  memoryMb(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Throws when the process is gone, or does not say that it is ready. */
  async expectHealthy(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) {
      throw new Error(
        `the platform died (${this.child.signalCode ?? this.child.exitCode})\n${this.lastLog()}`,
      );
    }
    const { status } = await fetch(`http://${this.addresses.opsAddress}/readyz`, {
      signal: AbortSignal.timeout(20_000),
    });
    if (status !== 200) {
      throw new Error(`the platform is not ready: ${status}\n${this.lastLog()}`);
    }
  }

  lastLog(): string {
    return this.log.slice(-LOG_LINES).join('\n');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      const killing = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
      await once(this.child, 'exit');
      clearTimeout(killing);
    }
    await this.bus.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Its first line; all further ones are log. */
function readAddresses(child: ChildProcess, log: string[]): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', (line) => {
          if (line.startsWith('{"grpcAddress"')) {
            resolve(JSON.parse(line));
          } else {
            log.push(line);
            log.splice(0, log.length - 1000);
          }
        });
      }
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the platform ended before it was ready (${signal ?? code})\n${log.join('\n')}`));
    });
  });
}
