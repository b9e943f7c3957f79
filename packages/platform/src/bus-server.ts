import { join } from 'node:path';
import {
  type BusUser,
  fileAllCredentials,
  findNatsServer,
  type NatsServer,
  serverUsers,
  startNatsServer,
} from '@mien/bus';
import { MienError } from '@mien/errors';
import type { BaseConfig, Environment } from '@mien/service';

/** A nats-server that only the platform's own parts are let into, each with its own rights. */
export interface OwnBus {
  readonly server: NatsServer;
  /** Holds the seed of a user's nkey, for the owner's eyes only. */
  seedFileOf(user: BusUser): string;
}

/**
 * Starts a nats-server for this platform alone, its streams and the credentials of its users under the data folder.
 * Every line that the server logs goes to `onLog`.
 */
export async function startOwnBus(
  dataDir: string,
  env: Environment,
  onLog: (line: string) => void = () => undefined,
): Promise<OwnBus> {
  const binary = findNatsServer({
    explicit: env['MIEN_NATS_SERVER'],
    path: env['PATH'],
    folders: [join('.mien', 'bin')],
  });
  const folder = join(dataDir, 'nats');
  const credentials = await fileAllCredentials(join(folder, 'credentials'));
  const server = await startNatsServer({
    binary,
    dataDir: folder,
    users: serverUsers(credentials),
    onLog,
  });
  return {
    server,
    seedFileOf: (user) => {
      const filed = credentials.get(user);
      if (filed === undefined) {
        throw new MienError('INTERNAL', `nobody on the bus is called ${user}`);
      }
      return filed.seedFile;
    },
  };
}

/** How a user finds that server; settings for other servers do not count. */
export function connectionTo({ server, seedFileOf }: OwnBus, user: BusUser): BaseConfig['nats'] {
  return {
    servers: [server.url],
    nkeyFile: seedFileOf(user),
    credsFile: undefined,
    token: undefined,
    user: undefined,
    password: undefined,
    tls: undefined,
  };
}

/** The same as variables. */
export function variablesFor({ server, seedFileOf }: OwnBus, user: BusUser): Environment {
  return {
    MIEN_NATS_URL: server.url,
    MIEN_NATS_NKEY_FILE: seedFileOf(user),
    MIEN_NATS_CREDS_FILE: undefined,
    MIEN_NATS_TOKEN: undefined,
    MIEN_NATS_USER: undefined,
    MIEN_NATS_PASSWORD: undefined,
    MIEN_NATS_TLS_CA_FILE: undefined,
    MIEN_NATS_TLS_CERT_FILE: undefined,
    MIEN_NATS_TLS_KEY_FILE: undefined,
  };
}
