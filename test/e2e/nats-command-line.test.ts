import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUS_USERS, fileAllCredentials, findNatsServer, serverUsers, startNatsServer } from '@mien/bus';
import { repositoryRoot } from '../photos/repository';

const CLI = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');

describe('mien for who runs a NATS server', () => {
  let folder: string;
  let credentials: string;
  const binary = findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-nats-cli-'));
    credentials = join(folder, 'credentials');
  });

  afterAll(() => rm(folder, { recursive: true }));

  const mien = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      const options = { env: { ...process.env, ...env } };
      execFile(process.execPath, [CLI, ...args], options, (error, out, err) => {
        resolve({ code: error?.code ?? 0, out, err });
      });
    });

  it('prints a configuration without secrets, which lie in files, the same each time', async () => {
    const { code, out, err } = await mien(['nats-permissions', '--credentials', credentials]);
    expect(code).toBe(0);
    const seeds = BUS_USERS.map((user) => join(credentials, `${user}.nk`));
    for (const file of seeds) {
      expect(err).toContain(file);
      expect(out).not.toContain((await readFile(file, 'utf8')).trim());
    }
    expect((await mien(['nats-permissions', '--credentials', credentials])).out).toBe(out);
    const file = join(folder, 'nats-server.conf');
    await writeFile(file, out);
    await new Promise<void>((resolve, reject) => {
      execFile(binary, ['-t', '-c', file], (error) => (error === null ? resolve() : reject(error)));
    });
    const { users } = JSON.parse(
      (await mien(['nats-permissions', '--credentials', credentials, '--json'])).out,
    );
    expect(users).toHaveLength(BUS_USERS.length);
    for (const { nkey } of users) {
      expect(out).toContain(nkey);
    }
  });

  it('sets a server up as its provisioner, and says why it may not as somebody else', async () => {
    const users = serverUsers(await fileAllCredentials(credentials));
    const server = await startNatsServer({ binary, dataDir: join(folder, 'nats'), users });
    const as = (user: string) =>
      mien(['nats-provision'], {
        MIEN_NATS_URL: server.url,
        MIEN_NATS_NKEY_FILE: join(credentials, `${user}.nk`),
      });
    try {
      expect(await as('provisioner')).toMatchObject({ code: 0, out: 'The NATS server is set up.\n' });
      const refused = await as('detector');
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('mien nats-permissions');
    } finally {
      await server.stop();
    }
  });
});
