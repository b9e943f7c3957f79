import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobEncryption } from '../blob-codec';
import { describeObjectStore } from '../testing/object-store-contract';
import { LocalDiskStore } from './local-disk-store';

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mien-store-'));
  folders.push(folder);
  return folder;
}

function pathOf(folder: string, key: string): string {
  const [prefix = '', sha256 = ''] = key.split('/');
  return join(folder, prefix, sha256.slice(0, 2), sha256);
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describeObjectStore('LocalDiskStore', async (encryption) => {
  const folder = await newFolder();
  const reopen = (given?: BlobEncryption) =>
    LocalDiskStore.open({ folder, fsync: false, ...(given && { encryption: given }) });
  return {
    store: await reopen(encryption),
    reopen,
    replace: (key, bytes) => writeFile(pathOf(folder, key), bytes),
    stored: (key) => readFile(pathOf(folder, key)),
  };
});

describe('LocalDiskStore', () => {
  it('lets nobody but its owner read', async () => {
    const folder = join(await newFolder(), 'blobs');
    const store = await LocalDiskStore.open({ folder });
    const ref = await store.put(randomBytes(10), { prefix: 'photos' });
    const path = pathOf(folder, ref.key);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const at of [folder, join(folder, 'photos'), join(path, '..')]) {
      expect((await stat(at)).mode & 0o777).toBe(0o700);
    }
  });

  it('writes a blob anew that a crash left short', async () => {
    const folder = await newFolder();
    const store = await LocalDiskStore.open({ folder, fsync: false });
    const bytes = randomBytes(100);
    const ref = await store.put(bytes);
    await writeFile(pathOf(folder, ref.key), bytes.subarray(0, 40));
    await utimes(pathOf(folder, ref.key), 7_000_000_000, 7_000_000_000);
    await store.put(bytes);
    expect((await store.get(ref)).equals(bytes)).toBe(true);
  });

  it('shares its folder with others and leaves no half-written file behind', async () => {
    const folder = await newFolder();
    const [one, other] = [await LocalDiskStore.open({ folder }), await LocalDiskStore.open({ folder })];
    const blobs = Array.from({ length: 30 }, () => randomBytes(5_000));
    const refs = await Promise.all(blobs.map((bytes) => one.put(bytes, { retentionSeconds: 60 })));
    const read = await Promise.all(refs.map((ref) => other.get(ref)));
    expect(read.every((bytes, index) => blobs[index]?.equals(bytes))).toBe(true);
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
  });

  it('needs no disk for what it put itself, as far as its memory reaches', async () => {
    const folder = await newFolder();
    const store = await LocalDiskStore.open({ folder, memoryBytes: 1_000 });
    const refs = [];
    for (let index = 0; index < 5; index += 1) {
      refs.push(await store.put(randomBytes(250)));
    }
    await rm(join(folder, 'blobs'), { recursive: true });
    const found = await Promise.all(
      refs.map((ref) =>
        store.get(ref).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(found).toEqual([false, true, true, true, true]);
    for (const ref of refs) {
      await store.delete(ref);
      await expect(store.get(ref)).rejects.toMatchObject({ reason: 'BLOB_LOST' });
    }
  });

  it('says so when its folder is gone or not to be had', async () => {
    const folder = await newFolder();
    const store = await LocalDiskStore.open({ folder });
    const ref = await store.put(randomBytes(10));
    await rm(folder, { recursive: true });
    expect(await store.healthy()).toBe(false);
    const unavailable = expect.objectContaining({ reason: 'OBJECT_STORE_UNAVAILABLE' });
    await expect(store.put(randomBytes(10))).rejects.toEqual(unavailable);
    await expect(store.put(randomBytes(10), { durable: false })).rejects.toEqual(unavailable);
    await expect(store.sweep()).rejects.toEqual(unavailable);
    await expect(store.list()[Symbol.asyncIterator]().next()).rejects.toEqual(unavailable);
    await expect(store.get(ref)).rejects.toMatchObject({ reason: 'BLOB_LOST' });
    await writeFile(folder, 'a file');
    await expect(LocalDiskStore.open({ folder })).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
  });
});
