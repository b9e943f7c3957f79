import { QdrantClient } from '@qdrant/js-client-rest';
import { aFace, directionOf } from '../testing/faces';
import { QdrantServer } from '../testing/qdrant-server';
import { describeVectorIndex } from '../vector-index.contract';
import { QdrantIndexes } from './qdrant-indexes';

/** A real server, if there is one. */
const realUrl = process.env['QDRANT_URL'];
const apiKey = process.env['QDRANT_API_KEY'];
const collectionPrefix = `mien-test-${process.pid}-`;

describe(realUrl === undefined ? "Qdrant's published API" : 'a Qdrant server', () => {
  let server: QdrantServer | undefined;
  let options: { url: string; apiKey?: string; collectionPrefix: string };
  beforeAll(async () => {
    server = realUrl === undefined ? await QdrantServer.start(apiKey) : undefined;
    const url = realUrl ?? server?.url ?? '';
    options = { url, collectionPrefix, ...(apiKey === undefined ? {} : { apiKey }) };
  });
  afterAll(async () => server?.stop());

  describeVectorIndex('Qdrant', async () => new QdrantIndexes(options));

  it('makes collections with int8 quantisation and payload indexes', async () => {
    const indexes = new QdrantIndexes(options);
    await indexes.open('shape');
    const client = new QdrantClient({ ...options, checkCompatibility: false });
    const { config, payload_schema } = await client.getCollection(`${collectionPrefix}shape`);
    expect(config.params.vectors).toMatchObject({ size: 512, distance: 'Cosine' });
    expect(config.quantization_config).toMatchObject({ scalar: { type: 'int8', always_ram: true } });
    expect(payload_schema).toMatchObject({
      groupIds: { data_type: 'keyword' },
      personId: { data_type: 'keyword' },
    });
    await indexes.drop('shape');
  });

  it('keeps what it holds when it is closed', async () => {
    const before = new QdrantIndexes(options);
    expect(before.durable).toBe(true);
    await (await before.open('kept')).upsert([aFace(1)]);
    await before.close();
    const after = new QdrantIndexes(options);
    expect(await (await after.open('kept')).search(directionOf(1), { count: 1 })).toHaveLength(1);
    await after.drop('kept');
  });

  it('takes model versions of any spelling', async () => {
    const indexes = new QdrantIndexes(options);
    const versions = ['arc/face 1', 'arc_face:1', 'Gesicht-größer'];
    for (const version of versions) {
      const index = await indexes.open(version);
      await index.upsert([aFace(versions.indexOf(version))]);
      expect(await index.count()).toBe(1);
    }
    await Promise.all(versions.map((version) => indexes.drop(version)));
  });

  it('refuses a collection of other vectors', async () => {
    const indexes = new QdrantIndexes(options);
    await indexes.open('length');
    const other = new QdrantIndexes({ ...options, dimensions: 256 });
    await expect(other.open('length')).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
    await indexes.drop('length');
  });

  it('tells when the collection is gone', async () => {
    const indexes = new QdrantIndexes(options);
    const index = await indexes.open('gone');
    await indexes.drop('gone');
    expect(await index.healthy()).toBe(false);
    await expect(index.search(directionOf(1), { count: 1 })).rejects.toMatchObject({
      reason: 'VECTOR_INDEX_UNAVAILABLE',
    });
  });
});

describe('Qdrant', () => {
  it('that can not be reached is unavailable', async () => {
    const server = await QdrantServer.start();
    const indexes = new QdrantIndexes({ url: server.url });
    const index = await indexes.open('one');
    await server.stop();
    const unavailable = { reason: 'VECTOR_INDEX_UNAVAILABLE' };
    expect(await index.healthy()).toBe(false);
    await expect(index.upsert([aFace(1)])).rejects.toMatchObject(unavailable);
    await expect(index.remove(['x'])).rejects.toMatchObject(unavailable);
    await expect(index.search(directionOf(1), { count: 1 })).rejects.toMatchObject(unavailable);
    await expect(index.count()).rejects.toMatchObject(unavailable);
    await expect(indexes.open('two')).rejects.toMatchObject(unavailable);
    await expect(indexes.drop('one')).rejects.toMatchObject(unavailable);
  });

  it('that refuses the key says so', async () => {
    const server = await QdrantServer.start('right');
    await expect(new QdrantIndexes({ url: server.url, apiKey: 'wrong' }).open('one')).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
    await new QdrantIndexes({ url: server.url, apiKey: 'right' }).open('one');
    await server.stop();
  });
});
