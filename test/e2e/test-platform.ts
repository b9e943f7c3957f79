import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultModelPack } from '../photos/repository';

/** Settings for a platform of a test's own: free ports, a data folder that goes with it, quiet logs. */
export interface TestSettings {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

export async function testSettings(name: string): Promise<TestSettings> {
  const folder = await mkdtemp(join(tmpdir(), `mien-${name}-`));
  return {
    folder,
    env: {
      ...process.env,
      MIEN_DATA_DIR: join(folder, 'data'),
      MIEN_MODEL_PACK: defaultModelPack(),
      MIEN_GATEWAY_GRPC_PORT: '0',
      MIEN_GATEWAY_HTTP_PORT: '0',
      MIEN_LOG_LEVEL: 'error',
      MIEN_GATEWAY_AUTH: 'none',
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
