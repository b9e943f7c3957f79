import { randomBytes } from 'node:crypto';
import { Client } from 'minio';
import type { BlobEncryption } from '../blob-codec';
import { FreezingProxy } from '../testing/freezing-proxy';
import { describeObjectStore } from '../testing/object-store-contract';
import { findS3Server, findVersitygw, type S3Server, startVersitygw } from '../testing/s3-server';
import { Bucket } from './bucket';
import { MinioStore } from './minio-store';
import { S3Backend } from './s3-backend';

const start = findS3Server(process.env);
const versitygw = findVersitygw(process.env);

/** Without a server they are counted as skipped, under a name that says why. */
const onServer = start === undefined ? describe.skip : describe;

function newBucket(): string {
  return `mien-test-${randomBytes(8).toString('hex')}`;
}

onServer('MinioStore on an S3 server (S3_URL, MIEN_S3_SERVER or versitygw on the PATH)', () => {
  let server: S3Server;
  let admin: Client;
  const buckets: string[] = [];

  beforeAll(async () => {
    server = await (start?.() ?? Promise.reject(new Error('no S3 server')));
    admin = adminOf(server);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(buckets.map((bucket) => emptyAndRemove(admin, bucket)));
    await server.stop();
  }, 60_000);

  function bucketOfOnesOwn(): string {
    const bucket = newBucket();
    buckets.push(bucket);
    return bucket;
  }

  describeObjectStore('MinioStore', async (encryption) => {
    const bucket = bucketOfOnesOwn();
    const reopen = (given?: BlobEncryption) =>
      MinioStore.open({ ...server, bucket, ...(given && { encryption: given }) });
    return {
      store: await reopen(encryption),
      reopen,
      replace: async (key, bytes) => {
        await admin.putObject(bucket, `kept/${key}`, Buffer.from(bytes));
      },
      stored: async (key) => Buffer.concat(await (await admin.getObject(bucket, `kept/${key}`)).toArray()),
    };
  });

  it('makes its bucket, whoever else does so at the same time', async () => {
    const bucket = bucketOfOnesOwn();
    const stores = await Promise.all(Array.from({ length: 8 }, () => MinioStore.open({ ...server, bucket })));
    const [ref] = await Promise.all(stores.map((store) => store.put(Buffer.from('same bytes'))));
    for (const store of stores) {
      expect((await store.get(ref ?? { key: '' })).toString()).toBe('same bytes');
    }
  });

  it('lets nobody read without a key', async () => {
    const bucket = bucketOfOnesOwn();
    const store = await MinioStore.open({ ...server, bucket });
    const { key } = await store.put(randomBytes(100));
    const object = `${server.endpoint}/${bucket}/kept/${key}`;
    expect((await fetch(object)).status).toBe(403);
    expect((await fetch(`${server.endpoint}/${bucket}?list-type=2`)).status).toBe(403);
    expect((await fetch(await admin.presignedGetObject(bucket, `kept/${key}`))).status).toBe(200);
  });

  it('lists and sweeps page by page', async () => {
    const bucket = bucketOfOnesOwn();
    const store = await MinioStore.open({ ...server, bucket });
    const scopes = Array.from({ length: 30 }, (_, index) => `n${index}`);
    await Promise.all(scopes.map((scope) => store.put(randomBytes(9), { scope, retentionSeconds: -120 })));
    const pages = new Bucket(admin, bucket, 7);
    const sizes: number[] = [];
    const names = new Set<string>();
    for await (const page of pages.list('temporary/')) {
      sizes.push(page.length);
      for (const { name } of page) {
        names.add(name);
      }
    }
    expect(sizes).toEqual([7, 7, 7, 7, 2]);
    expect(names.size).toBe(30);
    expect(await new S3Backend(pages, pages).sweep()).toBe(30);
  });

  it.each([
    ['a secret that is not the right one', { secretKey: 'wrong' }],
    ['an access key that nobody has', { accessKey: 'nobody' }],
    ['an endpoint that is none', { endpoint: 'minio:9000' }],
    ['an endpoint with a path', { endpoint: 'http://minio:9000/bucket' }],
    ['an endpoint that no host can have', { endpoint: 'http://-:9000' }],
    ['a bucket name that no bucket may have', { bucket: 'No Bucket' }],
  ])('refuses %s', async (_name, wrong) => {
    await expect(MinioStore.open({ ...server, bucket: newBucket(), ...wrong })).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
  });

  it('gives up on a server that has stopped answering, between answers or within one', async () => {
    const bucket = bucketOfOnesOwn();
    const proxy = await FreezingProxy.start(server.endpoint);
    const store = await MinioStore.open({ ...server, endpoint: proxy.endpoint, bucket, timeoutMs: 1_500 });
    const ref = await store.put(randomBytes(500_000));
    expect(await store.get(ref)).toHaveLength(500_000);
    expect(await store.healthy()).toBe(true);
    const unavailable = expect.objectContaining({ reason: 'OBJECT_STORE_UNAVAILABLE' });
    proxy.freezeAfter(100_000);
    await expect(store.get(ref)).rejects.toEqual(unavailable);
    await expect(store.get(ref)).rejects.toEqual(unavailable);
    await expect(store.put(randomBytes(10))).rejects.toEqual(unavailable);
    await expect(store.delete(ref)).rejects.toEqual(unavailable);
    await expect(store.sweep()).rejects.toEqual(unavailable);
    expect(await store.healthy()).toBe(false);
    await proxy.stop();
    await expect(store.get(ref)).rejects.toEqual(unavailable);
    expect(await store.healthy()).toBe(false);
  }, 60_000);
});

const onVersitygw = versitygw === undefined ? describe.skip : describe;

onVersitygw('MinioStore on a versitygw of its own', () => {
  let server: S3Server;

  beforeAll(async () => {
    server = await startVersitygw(versitygw ?? '');
  }, 60_000);

  afterAll(() => server.stop());

  it('refuses a bucket that keeps versions of what is deleted', async () => {
    const bucket = newBucket();
    await MinioStore.open({ ...server, bucket });
    await adminOf(server).setBucketVersioning(bucket, { Status: 'Enabled' });
    await expect(MinioStore.open({ ...server, bucket })).rejects.toThrow('versioning');
  });

  it('says OBJECT_STORE_UNAVAILABLE once the server is gone, at once', async () => {
    const bucket = newBucket();
    const store = await MinioStore.open({ ...server, bucket });
    const ref = await store.put(randomBytes(10));
    await server.stop();
    const unavailable = expect.objectContaining({ reason: 'OBJECT_STORE_UNAVAILABLE' });
    await expect(store.get(ref)).rejects.toEqual(unavailable);
    await expect(store.put(randomBytes(10))).rejects.toEqual(unavailable);
    await expect(MinioStore.open({ ...server, bucket })).rejects.toEqual(unavailable);
    expect(await store.healthy()).toBe(false);
  });
});

function adminOf({ endpoint, accessKey, secretKey }: S3Server): Client {
  const { protocol, hostname, port } = new URL(endpoint);
  return new Client({
    endPoint: hostname,
    port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    useSSL: protocol === 'https:',
    accessKey,
    secretKey,
    region: 'us-east-1',
  });
}

async function emptyAndRemove(admin: Client, bucket: string): Promise<void> {
  const names: string[] = [];
  for await (const item of admin.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>) {
    names.push(item.name);
  }
  await admin.removeObjects(bucket, names);
  await admin.removeBucket(bucket);
}
