import { randomBytes } from 'node:crypto';
import type { ObjectStore, StoredBlob } from '../object-store';
import { expectLost, type OpenStore } from './object-store-contract';

/** What every object store must do about blobs that expire, and about telling what it holds. */
export function describeRetention(open: OpenStore): void {
  it('sweeps what has expired and nothing else', async () => {
    const { store } = await open();
    const kept = await store.put(randomBytes(10));
    const fresh = await store.put(randomBytes(10), { retentionSeconds: 600 });
    const old = await store.put(randomBytes(10), { retentionSeconds: -120, prefix: 'crops' });
    const scoped = await store.put(randomBytes(10), { retentionSeconds: -120, scope: 'job1' });
    expect(await store.sweep()).toBe(2);
    await expectLost(store.get(old));
    await expectLost(store.get(scoped));
    expect(await store.get(kept)).toHaveLength(10);
    expect(await store.get(fresh)).toHaveLength(10);
    expect(await store.sweep()).toBe(0);
  });

  it('gives a blob that is put again a new life, never a shorter one', async () => {
    const { store } = await open();
    const bytes = randomBytes(10);
    await store.put(bytes, { retentionSeconds: -120 });
    const ref = await store.put(bytes, { retentionSeconds: 600 });
    await store.put(bytes, { retentionSeconds: 1 });
    expect(await store.sweep()).toBe(0);
    expect((await store.get(ref)).equals(bytes)).toBe(true);
  });

  it('keeps a blob that is to stay, whoever puts it with a retention before or after', async () => {
    const { store } = await open();
    const bytes = randomBytes(10);
    await store.put(bytes, { retentionSeconds: -120 });
    const ref = await store.put(bytes);
    await store.put(bytes, { retentionSeconds: -120 });
    await store.sweep();
    expect((await store.get(ref)).equals(bytes)).toBe(true);
    await store.delete(ref);
    await expectLost(store.get(ref));
  });

  it('lists what it holds, and when it was put', async () => {
    const { store } = await open();
    const begun = Date.now();
    const photos = await Promise.all(
      Array.from({ length: 5 }, () => store.put(randomBytes(100), { prefix: 'photos' })),
    );
    const crop = await store.put(randomBytes(200), { prefix: 'crops', scope: 'a1', retentionSeconds: 60 });
    const all = await listed(store);
    expect(keysOf(all)).toEqual([...photos, crop].map((ref) => ref.key).sort());
    expect(keysOf(await listed(store, 'photos'))).toEqual(photos.map((ref) => ref.key).sort());
    expect(await listed(store, 'photo')).toEqual([]);
    expect(all.filter((blob) => blob.temporary).map((blob) => blob.key)).toEqual([crop.key]);
    for (const blob of all) {
      const size = blob.key === crop.key ? 200 : 100;
      expect(blob.size).toBeGreaterThanOrEqual(size);
      expect(blob.size).toBeLessThan(size + 100);
      // Servers tell whole seconds.
      expect(Math.abs(blob.putAt.getTime() - begun)).toBeLessThan(60_000);
    }
    for (const blob of all) {
      await store.delete(blob);
    }
    expect(await listed(store)).toEqual([]);
  });
}

async function listed(store: ObjectStore, prefix?: string): Promise<StoredBlob[]> {
  const blobs: StoredBlob[] = [];
  for await (const batch of store.list(prefix)) {
    blobs.push(...batch);
  }
  return blobs;
}

function keysOf(blobs: readonly StoredBlob[]): string[] {
  return blobs.map((blob) => blob.key).sort();
}
