import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsBinary } from '../testing/test-line';
import { findNatsServer } from './find-binary';
import { startNatsServer } from './nats-server';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-nats-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a nats-server of our own', () => {
  it('runs on a free port of the loopback address until stopped', async () => {
    const server = await startNatsServer({ binary: natsBinary(), dataDir: folder });
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
    expect(server.port).toBeGreaterThan(1_024);
    await server.stop();
    await server.exited;
  });

  it('tells what its log says when it can not start', async () => {
    const first = await startNatsServer({ binary: natsBinary(), dataDir: join(folder, 'a') });
    const second = startNatsServer({ binary: natsBinary(), dataDir: join(folder, 'b'), port: first.port });
    await expect(second).rejects.toMatchObject({
      reason: 'BUS_UNAVAILABLE',
      message: expect.stringContaining('address already in use'),
    });
    await first.stop();
  });

  it('is looked for where the operator says, on the PATH, and in our own folders', async () => {
    const own = join(folder, 'nats-server');
    const none = { path: '/nonexistent' };
    await writeFile(own, '#!/bin/sh\n');
    await chmod(own, 0o600);
    expect(() => findNatsServer({ ...none, explicit: own })).toThrow('MIEN_NATS_SERVER');
    await chmod(own, 0o700);
    expect(findNatsServer({ ...none, explicit: own })).toBe(own);
    expect(findNatsServer({ path: `/nonexistent:${folder}` })).toBe(own);
  });
});
