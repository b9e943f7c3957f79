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
      blobFsync: true,
    });
    expect(base({ MIEN_BLOB_FSYNC: 'false' }).blobFsync).toBe(false);
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
});
