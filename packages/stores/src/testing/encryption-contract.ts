import { createHash, randomBytes } from 'node:crypto';
import { AesGcmCipher } from '@mien/encryption';
import { expectLost, type OpenStore } from './object-store-contract';

const unreadable = expect.objectContaining({ reason: 'RECORD_UNREADABLE' });

/** What every object store must do where it encrypts. */
export function describeEncryption(open: OpenStore): void {
  const [key, nextKey] = [randomBytes(32), randomBytes(32)];
  const encryption = { cipher: new AesGcmCipher(key) };

  it('shows nothing of a blob to who reads its place: neither bytes nor hash', async () => {
    const { store, stored } = await open(encryption);
    const bytes = Buffer.alloc(10_000, 'a secret face ');
    const ref = await store.put(bytes, { prefix: 'photos' });
    const there = await stored(ref.key);
    expect(there.includes('face')).toBe(false);
    expect(ref.key).not.toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(ref.key).not.toContain(createHash('sha256').update(there).digest('hex'));
    await store.put(bytes, { prefix: 'photos' });
    expect((await stored(ref.key)).equals(there)).toBe(true);
  });

  it('opens with its key only, and says which', async () => {
    const { store, reopen } = await open(encryption);
    const ref = await store.put(randomBytes(1_000));
    const { keyId } = encryption.cipher;
    const stranger = await reopen({ cipher: new AesGcmCipher(nextKey), readPlain: true });
    await expect(stranger.get(ref)).rejects.toEqual(unreadable);
    await expect(stranger.get(ref)).rejects.toThrow(keyId);
    await expect((await reopen()).get(ref)).rejects.toThrow(keyId);
  });

  it('reads what was written before the key was changed', async () => {
    const { store, reopen } = await open(encryption);
    const bytes = randomBytes(1_000);
    const before = await store.put(bytes);
    const later = await reopen({ cipher: new AesGcmCipher(nextKey, key) });
    const after = await later.put(bytes);
    expect((await later.get(before)).equals(bytes)).toBe(true);
    expect((await later.get(after)).equals(bytes)).toBe(true);
    expect(after.key).not.toBe(before.key);
    const pruned = await reopen({ cipher: new AesGcmCipher(nextKey) });
    await expect(pruned.get(before)).rejects.toEqual(unreadable);
    expect((await pruned.get(after)).equals(bytes)).toBe(true);
  });

  it('reads what was written before there was a key where that is wanted', async () => {
    const { store, replace, reopen } = await open();
    const bytes = randomBytes(1_000);
    const ref = await store.put(bytes);
    await expect((await reopen(encryption)).get(ref)).rejects.toEqual(unreadable);
    const patient = await reopen({ ...encryption, readPlain: true });
    expect((await patient.get(ref)).equals(bytes)).toBe(true);
    await replace(ref.key, randomBytes(1_000));
    await expectLost(patient.get(ref));
    const sealed = await patient.put(bytes);
    await replace(sealed.key, bytes);
    await expectLost(patient.get(sealed));
  });
}
