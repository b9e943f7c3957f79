import { join } from 'node:path';
import { openPglitePeopleStore, openPostgresPeopleStore, type PeopleStore } from '@mien/people';
import type { BaseConfig } from '@mien/service';
import type { Logger } from 'pino';
import type { LibraryConfig } from './config';

/**
 * The people store that the configuration names; its templates are encrypted with the keys of the object store.
 * Throws CONFIGURATION_INVALID when another process has the data folder, DATABASE_UNAVAILABLE.
 */
export function openPeople(
  { limits, databaseUrl, databaseConnections }: LibraryConfig,
  { dataDir, objectStore }: BaseConfig,
  logger: Logger,
): Promise<PeopleStore> {
  const cipher = objectStore.encryption?.cipher;
  const options = { limits, ...(cipher === undefined ? {} : { cipher }) };
  if (databaseUrl === undefined) {
    return openPglitePeopleStore({ ...options, folder: join(dataDir, 'people') });
  }
  return openPostgresPeopleStore({
    ...options,
    connectionString: databaseUrl,
    connections: databaseConnections,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database broke'),
  });
}
