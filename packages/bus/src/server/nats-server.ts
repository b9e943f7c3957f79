import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MienError } from '@mien/errors';
import { renderUsers, type ServerUser } from '../access/server-users';
import { OWN_MAX_PAYLOAD_BYTES } from '../catalog';
import { endWithUs } from './end-with-us';
import { isAtLeast } from './version';

export interface NatsServerOptions {
  /** See findNatsServer. */
  readonly binary: string;
  /** Holds the server's configuration and its JetStream store. */
  readonly dataDir: string;
  /** Any free one unless given. */
  readonly port?: number;
  readonly maxPayload?: number;
  /** Who may connect; everybody on this machine unless given. */
  readonly users?: readonly ServerUser[];
  /** Clients are talked to over TLS, and have to show a certificate of the authority; in plain text unless given. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
  /** Gets every line that the server logs. */
  readonly onLog?: (line: string) => void;
}

/**
 * A nats-server that runs as a child of this process, on the loopback address only, and not longer than it, however
 * this process ends.
 */
export interface NatsServer {
  /** nats://127.0.0.1:port */
  readonly url: string;
  readonly port: number;
  /** Resolves when the process is gone, however it went. */
  readonly exited: Promise<void>;
  /** Asks it to go and waits; forces it after the limit. */
  stop(limitMs?: number): Promise<void>;
  /** SIGKILL, as a crash would be. */
  kill(): Promise<void>;
}

/** The minor version of nats-server 2 that can be told how often to sync. */
const SYNC_INTERVAL_SINCE = 10;
const READY_LIMIT_MS = 20_000;
const KEPT_LOG_LINES = 20;

/** Starts a nats-server with JetStream and waits until it says that it is ready. Throws BUS_UNAVAILABLE. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const config = join(options.dataDir, 'nats-server.conf');
  const syncs = await isAtLeast(options.binary, SYNC_INTERVAL_SINCE);
  await writeFile(config, configuration(options, syncs), { mode: 0o600 });
  // In a session of its own: Ctrl-C is for us, who need the server until our work is handed on.
  const child = spawn(options.binary, ['--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  endWithUs(child);
  const port = await readyPort(child, exited, options.onLog);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    exited,
    stop: (limitMs = 10_000) => end(child, exited, limitMs),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function configuration(options: NatsServerOptions, syncs: boolean): string {
  return [
    `listen: "127.0.0.1:${options.port ?? -1}"`,
    `max_payload: ${options.maxPayload ?? OWN_MAX_PAYLOAD_BYTES}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(options.dataDir, 'jetstream'))}`,
    // Two minutes unless given. One second costs nothing that could be measured: docs/decisions/0010.
    ...(syncs ? ['  sync_interval: "1s"'] : []),
    '}',
    ...(options.tls === undefined ? [] : [tlsBlock(options.tls)]),
    ...(options.users === undefined ? [] : [renderUsers(options.users)]),
    '',
  ].join('\n');
}

/** https://docs.nats.io/running-a-nats-service/configuration/securing_nats/tls */
function tlsBlock({ certFile, keyFile, caFile }: NonNullable<NatsServerOptions['tls']>): string {
  return [
    'tls {',
    `  cert_file: ${JSON.stringify(certFile)}`,
    `  key_file: ${JSON.stringify(keyFile)}`,
    `  ca_file: ${JSON.stringify(caFile)}`,
    '  verify: true',
    '}',
  ].join('\n');
}

/** The server's log says on which port it listens and then that it is ready. */
function readyPort(
  child: ChildProcess,
  exited: Promise<void>,
  onLog: (line: string) => void = () => undefined,
): Promise<number> {
  const { stderr } = child;
  if (stderr === null) {
    throw new MienError('INTERNAL', 'the log of nats-server is not piped');
  }
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    let port = 0;
    const fail = (why: string, cause?: unknown) => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      reject(new MienError('BUS_UNAVAILABLE', `nats-server ${why}: ${log.join('\n')}`, { cause }));
    };
    const limit = setTimeout(() => fail('is not ready in time'), READY_LIMIT_MS);
    child.once('error', (error) => fail('can not be run', error));
    void exited.then(() => fail('ended'));
    createInterface({ input: stderr }).on('line', (line) => {
      onLog(line);
      log.push(line);
      log.splice(0, log.length - KEPT_LOG_LINES);
      port = Number(/Listening for client connections on .*:(\d+)$/.exec(line)?.[1] ?? port);
      if (line.includes('Server is ready')) {
        clearTimeout(limit);
        resolve(port);
      }
    });
  });
}

async function end(child: ChildProcess, exited: Promise<void>, limitMs: number): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await exited;
  clearTimeout(force);
}
