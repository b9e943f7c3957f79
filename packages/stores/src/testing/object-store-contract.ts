import { createHash, randomBytes } from 'node:crypto';
import { AesGcmCipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import type { BlobEncryption } from '../blob-codec';
import type { ObjectStore } from '../object-store';
import { describeEncryption } from './encryption-contract';
import { describeRetention } from './retention-contract';

/** An empty store, and what lies in it, as it lies there. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Puts other bytes in the place of a blob that stays, behind the store's back. */
  replace(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes in the place of a blob that stays. */
  stored(key: string): Promise<Buffer>;
  /** Opens the same store as another process would. */
  reopen(encryption?: BlobEncryption): Promise<ObjectStore>;
}

export type OpenStore = (encryption?: BlobEncryption) => Promise<StoreUnderTest>;

/** What every object store must do, encrypting or not. */
export function describeObjectStore(name: string, open: OpenStore): void {
  describe(`${name} as an object store`, () => {
    describe('plain', () => {
      describeBlobs(open);
      describeRetention(open);

      it('names a blob by the hash of its content', async () => {
        const { store, stored } = await open();
        const bytes = randomBytes(1_000);
        const ref = await store.put(bytes, { prefix: 'photos' });
        expect(ref.key).toBe(`photos/${createHash('sha256').update(bytes).digest('hex')}`);
        expect((await stored(ref.key)).equals(bytes)).toBe(true);
      });
    });

    describe('encrypted', () => {
      const encryption = () => ({ cipher: new AesGcmCipher(randomBytes(32)) });
      describeBlobs((given) => open(given ?? encryption()));
      describeRetention((given) => open(given ?? encryption()));
      describeEncryption(open);
    });
  });
}

function describeBlobs(open: OpenStore): void {
  it('gives back what was put, under the key that was told before', async () => {
    const { store } = await open();
    const bytes = randomBytes(300_000);
    const key = store.keyOf(bytes, { prefix: 'photos' });
    const ref = await store.put(bytes, { prefix: 'photos' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(key).toMatch(/^photos\/[0-9a-f]{64}$/);
    expect(ref).toEqual({ key, sha256, size: bytes.length });
    expect((await store.get(ref)).equals(bytes)).toBe(true);
    expect((await store.get({ key })).equals(bytes)).toBe(true);
  });

  it('shows what was put to others who share it', async () => {
    const { store, reopen } = await open({ cipher: new AesGcmCipher(Buffer.alloc(32, 7)) });
    const other = await reopen({ cipher: new AesGcmCipher(Buffer.alloc(32, 7)) });
    const bytes = randomBytes(3_000_000);
    const ref = await store.put(bytes, { retentionSeconds: 60 });
    expect((await other.get(ref)).equals(bytes)).toBe(true);
    await other.delete(ref);
    await expectLost(store.get(ref));
  });

  it('stores an empty blob', async () => {
    const { store } = await open();
    const ref = await store.put(Buffer.alloc(0));
    expect(await store.get(ref)).toHaveLength(0);
  });

  it.each([true, false])('takes the same bytes again and again, durable: %s', async (durable) => {
    const { store } = await open();
    const bytes = randomBytes(1_500_000);
    const [first, scoped, again] = [
      await store.put(bytes),
      await store.put(bytes, { durable, scope: 'face1' }),
      await store.put(bytes, { durable }),
    ];
    expect(again).toEqual(first);
    expect((await store.get(first)).equals(bytes)).toBe(true);
    expect((await store.get(scoped)).equals(bytes)).toBe(true);
  });

  it('takes the same bytes from many at once', async () => {
    const { store } = await open();
    const bytes = randomBytes(50_000);
    const refs = await Promise.all(Array.from({ length: 20 }, () => store.put(bytes)));
    expect(new Set(refs.map((ref) => ref.key)).size).toBe(1);
    for (const ref of refs) {
      expect((await store.get(ref)).equals(bytes)).toBe(true);
    }
  });

  it('keeps the same bytes apart by scope', async () => {
    const { store } = await open();
    const bytes = randomBytes(100);
    const shared = await store.put(bytes);
    const mine = await store.put(bytes, { scope: 'job1' });
    const yours = await store.put(bytes, { scope: 'job2' });
    expect(mine.key).toBe(store.keyOf(bytes, { scope: 'job1' }));
    await store.delete({ key: mine.key });
    await expectLost(store.get(mine));
    expect((await store.get(yours)).equals(bytes)).toBe(true);
    expect((await store.get(shared)).equals(bytes)).toBe(true);
    await expect(store.put(bytes, { scope: '../x' })).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
  });

  it('says BLOB_LOST for what is not there, was deleted or is no key', async () => {
    const { store } = await open();
    const ref = await store.put(randomBytes(10));
    await store.delete(ref);
    await store.delete(ref);
    for (const key of [ref.key, '../../etc/passwd', `../${ref.key}`, '', `${ref.key}/../x`, 'probe']) {
      await expectLost(store.get({ ...ref, key }));
    }
    await store.delete({ key: '../../etc/passwd' });
  });

  it('says BLOB_LOST when the bytes are no longer those that were stored', async () => {
    const { store, replace, stored } = await open();
    const [ref, other] = [await store.put(randomBytes(1_000)), await store.put(randomBytes(1_000))];
    const whole = await stored(ref.key);
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(500) ^ 1, 500);
    for (const bytes of [
      randomBytes(1_000),
      Buffer.alloc(0),
      changed,
      whole.subarray(0, 999),
      await stored(other.key),
    ]) {
      await replace(ref.key, bytes);
      await expectLost(store.get(ref));
    }
    await replace(ref.key, whole);
    expect(await store.get(ref)).toHaveLength(1_000);
    await expectLost(store.get({ ...ref, sha256: other.sha256 }));
  });

  it('refuses a prefix that leads elsewhere', async () => {
    const { store } = await open();
    const invalid = expect.objectContaining({ reason: 'ARGUMENT_INVALID' });
    for (const prefix of ['..', 'a/b', '', '/etc', 'A', '.incoming']) {
      await expect(store.put(randomBytes(10), { prefix })).rejects.toEqual(invalid);
      expect(() => store.list(prefix)).toThrow(invalid);
    }
  });

  it('is healthy', async () => {
    const { store } = await open();
    expect(await store.healthy()).toBe(true);
    expect(await store.healthy()).toBe(true);
  });
}

export async function expectLost(doing: Promise<unknown>): Promise<void> {
  const error = await doing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MienError);
  expect(error).toMatchObject({ reason: 'BLOB_LOST' });
}
