import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BlobRef } from '@mien/proto';
import { LocalDiskStore } from '@mien/stores';
import pino from 'pino';
import { Disposal } from './disposal';

let folder: string;
let store: LocalDiskStore;
const logger = pino({ level: 'silent' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-disposal-'));
  store = await LocalDiskStore.open({ folder, fsync: false });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('Disposal', () => {
  it('deletes what was left behind, not before its time, in turn', async () => {
    const disposal = new Disposal(store, 60, logger);
    const started = Date.now();
    const one = await store.put(Buffer.from('one'), { scope: 'a' });
    const two = await store.put(Buffer.from('two'), { scope: 'a' });
    const kept = await store.put(Buffer.from('one'), { scope: 'b' });
    disposal.later([one]);
    await gone(one);
    disposal.later([two]);
    await gone(two);
    expect(Date.now() - started).toBeGreaterThanOrEqual(100);
    expect((await store.get(kept)).toString()).toBe('one');
  });

  it('leaves to retention what is not due when it stops', async () => {
    const disposal = new Disposal(store, 10, logger);
    const ref = await store.put(Buffer.from('one'));
    disposal.later([ref]);
    disposal.stop();
    const after = new Disposal(store, 30, logger);
    const other = await store.put(Buffer.from('two'));
    after.later([other]);
    await gone(other);
    expect((await store.get(ref)).toString()).toBe('one');
  });
});

/** Resolves when the store has lost the blob. */
async function gone(ref: BlobRef): Promise<void> {
  for (;;) {
    try {
      await store.get(ref);
    } catch (error) {
      expect(error).toMatchObject({ reason: 'BLOB_LOST' });
      return;
    }
    await setImmediate();
  }
}
