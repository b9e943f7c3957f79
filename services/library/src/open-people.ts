import { join } from 'node:path';
import type { MienError } from '@mien/errors';
import { openPglitePeopleStore, openPostgresPeopleStore, type PeopleStore } from '@mien/people';
import type { BaseConfig } from '@mien/service';
import type { Logger } from 'pino';
import type { LibraryConfig } from './config';

/**
 * The people store that the configuration names; its templates are encrypted with the keys of the object store.
 * Throws CONFIGURATION_INVALID when another process has the data folder, or has the database for its own index,
 * DATABASE_UNAVAILABLE.
 */
export function openPeople(
  { limits, databaseUrl, databaseConnections, qdrant }: LibraryConfig,
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
    // The outbox feeds one index only: with one in each process, none would be whole.
    ...(qdrant === undefined ? { onDisplaced: (error) => endProcess(error, logger) } : {}),
  });
}

/** As an operator would: what is under way is finished. Who starts it again is told why it can't. */
function endProcess(error: MienError, logger: Logger): void {
  logger.fatal({ err: error }, 'the database is another process’s now: going down');
  process.kill(process.pid, 'SIGTERM');
}
