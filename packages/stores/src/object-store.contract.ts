import { createHash, randomBytes } from 'node:crypto';
import { MienError } from '@mien/errors';
import type { ObjectStore } from './object-store';

/** What every object store must do. `factory` gives an empty store and a way to damage what lies in it. */
export function describeObjectStore(
  name: string,
  factory: () => Promise<{ store: ObjectStore; damage: (key: string) => Promise<void> }>,
): void {
  describe(`${name} as an object store`, () => {
    it('gives back what was put, under the hash of its content', async () => {
      const { store } = await factory();
      const bytes = randomBytes(300_000);
      const ref = await store.put(bytes, { prefix: 'photos', retentionSeconds: 60 });
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(ref).toEqual({ key: `photos/${sha256}`, sha256, size: bytes.length });
      expect((await store.get(ref)).equals(bytes)).toBe(true);
    });

    it('stores an empty blob', async () => {
      const { store } = await factory();
      const ref = await store.put(Buffer.alloc(0));
      expect(await store.get(ref)).toHaveLength(0);
    });

    it('takes the same bytes from many at once', async () => {
      const { store } = await factory();
      const bytes = randomBytes(50_000);
      const refs = await Promise.all(Array.from({ length: 20 }, () => store.put(bytes)));
      expect(new Set(refs.map((ref) => ref.key)).size).toBe(1);
      for (const ref of refs) {
        expect((await store.get(ref)).equals(bytes)).toBe(true);
      }
    });

    it('keeps the same bytes apart by scope', async () => {
      const { store } = await factory();
      const bytes = randomBytes(100);
      const shared = await store.put(bytes);
      const mine = await store.put(bytes, { scope: 'job1' });
      const yours = await store.put(bytes, { scope: 'job2' });
      await store.delete(mine);
      await expectLost(store.get(mine));
      expect((await store.get(yours)).equals(bytes)).toBe(true);
      expect((await store.get(shared)).equals(bytes)).toBe(true);
      await expect(store.put(bytes, { scope: '../x' })).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
    });

    it('says BLOB_LOST for what is not there, was deleted or is no key', async () => {
      const { store } = await factory();
      const ref = await store.put(randomBytes(10));
      await store.delete(ref);
      await store.delete(ref);
      for (const lost of [
        ref,
        { ...ref, key: '../../etc/passwd' },
        { ...ref, key: `../${ref.key}` },
        { ...ref, key: '' },
      ]) {
        await expectLost(store.get(lost));
      }
    });

    it('says BLOB_LOST when the bytes are no longer those that were stored', async () => {
      const { store, damage } = await factory();
      const ref = await store.put(randomBytes(1_000));
      await damage(ref.key);
      await expectLost(store.get(ref));
    });

    it('refuses a prefix that leads elsewhere', async () => {
      const { store } = await factory();
      for (const prefix of ['..', 'a/b', '', '/etc', 'A', '.incoming']) {
        await expect(store.put(randomBytes(10), { prefix })).rejects.toMatchObject({
          reason: 'ARGUMENT_INVALID',
        });
      }
    });

    it('is healthy', async () => {
      const { store } = await factory();
      expect(await store.healthy()).toBe(true);
    });
  });
}

async function expectLost(reading: Promise<unknown>): Promise<void> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MienError);
  expect(error).toMatchObject({ reason: 'BLOB_LOST' });
}
