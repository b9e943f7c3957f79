import { MienError } from '@mien/errors';
import { Migrator } from 'kysely';
import { translated } from './database-error';
import { libraryTables } from './migrations/0001-library';
import { blobReservations } from './migrations/0002-blob-reservations';
import { jobs } from './migrations/0003-jobs';
import { modelVersions } from './migrations/0004-model-versions';
import type { Database } from './schema';

/** In the order of their names; only ever added to. */
const MIGRATIONS = {
  '0001-library': libraryTables,
  '0002-blob-reservations': blobReservations,
  '0003-jobs': jobs,
  '0004-model-versions': modelVersions,
};

/**
 * Brings the tables to the form that this code knows. Processes that start at the same time wait for each other at
 * the migrator's advisory lock. Throws CONFIGURATION_INVALID for a database that newer code has changed.
 */
export async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableName: 'mien_migration',
    migrationLockTableName: 'mien_migration_lock',
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) {
    return;
  }
  if (results === undefined && error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new MienError('CONFIGURATION_INVALID', 'the database was made by a newer version of Mien', {
      cause: error,
    });
  }
  throw translated(error);
}
