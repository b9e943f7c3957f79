import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { defaultManifestPath } from '@mien/models';
import { LibraryAdminServiceService, LibraryServiceService } from '@mien/proto';
import { Asker } from './testing/ask';

const MAIN = join(__dirname, '../dist/main.js');
const { createGroup, listGroups } = LibraryServiceService;

describe('the library process', () => {
  let folder: string;
  let nats: NatsServer;
  const children: ChildProcessByStdio<null, Readable, Readable>[] = [];

  /** The built library, as an operator starts it. */
  const start = (env: Record<string, string> = {}) => {
    const settings = {
      PATH: process.env['PATH'],
      MIEN_NATS_URL: nats.url,
      MIEN_DATA_DIR: folder,
      MIEN_MODEL_PACK: defaultManifestPath(),
      ...env,
    };
    const child = spawn(process.execPath, [MAIN], { env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-library-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../.mien/bin')],
    });
    nats = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
  });

  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGKILL');
    }
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it('holds what it answered through a kill, keeps others out, and leaves with 0', async () => {
    const first = start();
    const asker = new Asker((await readyLine(first.stdout)).grpcPort);
    await asker.ask(createGroup, { id: 'staff', name: 'Staff', tag: '', fieldNames: [] });
    asker.close();

    const second = start();
    const [told, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
    expect(code).toBe(1);
    expect(told).toContain('is in use by another process');

    const killed = once(first, 'exit');
    first.kill('SIGKILL');
    await killed;
    const third = start();
    const { grpcPort, opsPort } = await readyLine(third.stdout);
    const again = new Asker(grpcPort);
    const { groups } = await again.ask(listGroups, { page: undefined });
    expect(groups.map(({ id }) => id)).toEqual(['staff']);
    const report = await again.ask(LibraryAdminServiceService.checkLibrary, {
      repair: false,
      rewriteIndex: false,
    });
    expect(report).toMatchObject({ templates: 0, vectors: 0, blobs: 0 });
    again.close();
    expect((await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text();
    expect(metrics).toMatch(/rpc_[a-z_]+_count\{[^}]*method="mien.v1.LibraryService\/ListGroups"[^}]*\} 1/);
    const exit = once(third, 'exit');
    third.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('says which settings keep it from starting', async () => {
    const child = start({
      MIEN_LIBRARY_DATABASE_URL: 'mysql://here/there',
      MIEN_LIBRARY_MAX_FACES_PER_PERSON: '21',
    });
    const [told, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(told).toContain('MIEN_LIBRARY_DATABASE_URL');
    expect(told).toContain('MIEN_LIBRARY_MAX_FACES_PER_PERSON');
  });
});

async function readyLine(output: Readable): Promise<{ grpcPort: number; opsPort: number }> {
  for await (const line of createInterface({ input: output })) {
    const entry = JSON.parse(line);
    if (entry.msg === 'ready') {
      return entry;
    }
  }
  throw new Error('the library ended before it was ready');
}
