import { randomBytes } from 'node:crypto';
import { AesGcmCipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { z } from 'zod';
import { baseConfigSchema } from './base-config';
import { parseConfig } from './parse-config';

function base(env: Record<string, string>) {
  return parseConfig({ base: baseConfigSchema }, env).base;
}

describe('configuration', () => {
  it('listens to this machine alone unless told otherwise', () => {
    expect(base({})).toMatchObject({
      bindAddress: '127.0.0.1',
      nats: { servers: ['nats://127.0.0.1:4222'] },
    });
  });

  it('takes a variable that is set to nothing as not set', () => {
    expect(base({ MIEN_LOG_LEVEL: '', MIEN_GRPC_PORT: '' })).toMatchObject({ logLevel: 'info', grpcPort: 0 });
  });

  it('reads lists, numbers and switches', () => {
    const env = { MIEN_NATS_URL: 'nats://a:1, nats://b:2', MIEN_OPS_PORT: '9090', MIEN_BLOB_FSYNC: 'true' };
    expect(base(env)).toMatchObject({
      nats: { servers: ['nats://a:1', 'nats://b:2'] },
      opsPort: 9090,
      objectStore: { fsync: true },
    });
    expect(base({ MIEN_BLOB_FSYNC: 'false' }).objectStore.fsync).toBe(false);
  });

  it('names every variable that is wrong, of all schemas, at once', () => {
    const own = z.object({ MIEN_FACES_MAX: z.coerce.number().max(120) });
    const env = { MIEN_GRPC_PORT: '70000', MIEN_BLOB_FSYNC: 'perhaps', MIEN_FACES_MAX: '500' };
    let thrown: unknown;
    try {
      parseConfig({ base: baseConfigSchema, own }, env);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MienError);
    expect(thrown).toMatchObject({ reason: 'CONFIGURATION_INVALID' });
    expect(Object.keys((thrown as MienError).metadata).sort()).toEqual([
      'MIEN_BLOB_FSYNC',
      'MIEN_FACES_MAX',
      'MIEN_GRPC_PORT',
    ]);
  });

  it('keeps blobs on the disk, as they are, unless told otherwise', () => {
    expect(base({}).objectStore).toMatchObject({ minio: undefined, encryption: undefined });
    const minio = {
      MIEN_OBJECT_STORE: 'minio',
      MIEN_S3_ENDPOINT: 'http://minio:9000',
      MIEN_S3_ACCESS_KEY: 'mien',
      MIEN_S3_SECRET_KEY: 'secret',
    };
    expect(base(minio).objectStore.minio).toEqual({
      endpoint: 'http://minio:9000',
      bucket: 'mien',
      accessKey: 'mien',
      secretKey: 'secret',
      region: 'us-east-1',
      timeoutMs: 10_000,
    });
    expect(wrongIn({ MIEN_OBJECT_STORE: 'minio', MIEN_S3_ENDPOINT: 'http://minio:9000' })).toEqual([
      'MIEN_S3_ACCESS_KEY',
      'MIEN_S3_SECRET_KEY',
    ]);
  });

  it('reads encryption keys and never repeats them', () => {
    const [key, older] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const { encryption } = base({ MIEN_ENCRYPTION_KEYS: `${key},${older}` }).objectStore;
    expect(encryption?.readPlain).toBe(false);
    const sealed = encryption?.cipher.seal(Buffer.from('face'), 'test') ?? Buffer.alloc(0);
    expect(
      new AesGcmCipher(Buffer.from(key, 'base64')).open(sealed, encryption?.cipher.keyId ?? '', 'test'),
    ).toEqual(Buffer.from('face'));
    const cut = { MIEN_ENCRYPTION_KEYS: key.slice(0, 40) };
    expect(wrongIn(cut)).toEqual(['MIEN_ENCRYPTION_KEYS']);
    expect(() => base(cut)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(key.slice(0, 40)) }),
    );
  });
});

function wrongIn(env: Record<string, string>): string[] {
  try {
    base(env);
    return [];
  } catch (error) {
    return error instanceof MienError ? Object.keys(error.metadata).sort() : [String(error)];
  }
}
