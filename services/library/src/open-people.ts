import { join } from 'node:path';
import type { Cipher } from '@mien/encryption';
import { openPglitePeopleStore, openPostgresPeopleStore, type PeopleStore } from '@mien/people';
import type { Logger } from 'pino';
import type { LibraryConfig } from './config';

/**
 * The people store that the configuration names. Throws CONFIGURATION_INVALID when another process has the data
 * folder, DATABASE_UNAVAILABLE.
 */
export function openPeople(
  config: LibraryConfig,
  dataDir: string,
  cipher: Cipher | undefined,
  logger: Logger,
): Promise<PeopleStore> {
  const options = { limits: config.limits, ...(cipher === undefined ? {} : { cipher }) };
  if (config.databaseUrl === undefined) {
    return openPglitePeopleStore({ ...options, folder: join(dataDir, 'people') });
  }
  return openPostgresPeopleStore({
    ...options,
    connectionString: config.databaseUrl,
    connections: config.databaseConnections,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database broke'),
  });
}
