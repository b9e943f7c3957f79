import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** A real PostgreSQL server in a folder of its own, for tests. */
export class PostgresServer {
  private made = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(binaries: string): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-postgres-'));
    const user = await unprivilegedUser();
    if (user !== undefined) {
      await chown(folder, user.uid, user.gid);
    }
    const data = join(folder, 'data');
    const port = await freePort();
    await run(
      join(binaries, 'initdb'),
      ['-D', data, '-U', 'mien', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      { ...user, cwd: folder },
    );
    const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=40'];
    const server = spawn(
      join(binaries, 'postgres'),
      ['-D', data, '-p', String(port), '-k', folder, ...settings],
      { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await readiness(server);
    return new PostgresServer(server, folder, port);
  }

  /** The address of a new, empty database. */
  async newDatabase(): Promise<string> {
    this.made += 1;
    const name = `people${this.made}`;
    const client = new Client({ connectionString: this.address('postgres') });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return this.address(name);
  }

  /** Ends the server at once, sessions or not, and removes its folder. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGQUIT');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private address(database: string): string {
    return `postgres://mien@127.0.0.1:${this.port}/${database}`;
  }
}

/** The folder of the newest server that is installed, Debian's places or the path. */
export function findPostgres(path = process.env['PATH'] ?? ''): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  return [...newestFirst.map((version) => join(debian, version, 'bin')), ...path.split(delimiter)].find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

/** PostgreSQL refuses to run as root: then somebody without rights runs it. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].map((name) => users.find(([first]) => first === name)).find(Boolean);
  if (user === undefined) {
    throw new Error('there is no user postgres or nobody to run the server as');
  }
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('no port');
  }
  return address.port;
}

async function readiness(server: ChildProcess): Promise<void> {
  if (server.stderr === null) {
    throw new Error('the server has no log');
  }
  const log = server.stderr;
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`the server ended: ${lines.join('\n')}`)));
    createInterface({ input: log }).on('line', (line) => {
      lines.push(line);
      if (line.includes('ready to accept connections')) {
        resolve();
      }
    });
  });
  server.removeAllListeners('exit');
}
