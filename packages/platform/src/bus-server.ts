import { join } from 'node:path';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import type { Environment } from '@mien/service';

/** Starts a nats-server for this platform alone, its streams under the data folder. */
export function startOwnBus(dataDir: string, env: Environment): Promise<NatsServer> {
  const binary = findNatsServer({
    explicit: env['MIEN_NATS_SERVER'],
    path: env['PATH'],
    folders: [join('.mien', 'bin')],
  });
  return startNatsServer({ binary, dataDir: join(dataDir, 'nats') });
}
