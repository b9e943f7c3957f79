import { MienError } from '@mien/errors';
import { Migrator, sql } from 'kysely';
import { translated } from './database-error';
import { libraryTables } from './migrations/0001-library';
import { blobReservations } from './migrations/0002-blob-reservations';
import { jobs } from './migrations/0003-jobs';
import { modelVersions } from './migrations/0004-model-versions';
import { compatibility } from './migrations/0005-compatibility';
import type { Database } from './schema';

/** In the order of their names; only ever added to. */
const MIGRATIONS = {
  '0001-library': libraryTables,
  '0002-blob-reservations': blobReservations,
  '0003-jobs': jobs,
  '0004-model-versions': modelVersions,
  '0005-compatibility': compatibility,
};

/** PostgreSQL's code for a table that is not there. */
const UNDEFINED_TABLE = '42P01';

/**
 * Brings the tables to the form that this code knows, or finds them in a newer one that it can work with. Processes that
 * start at the same time wait for each other at the migrator's advisory lock. Throws CONFIGURATION_INVALID for a
 * database in which newer code has changed what this code needs.
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
  // Nothing was tried: the database names migrations that are not ours.
  if (results === undefined && error instanceof Error && error.message.startsWith('corrupted migrations')) {
    if (await isReadable(db)) {
      return;
    }
    throw new MienError('CONFIGURATION_INVALID', 'the database was made by a newer version of Mien', {
      cause: error,
    });
  }
  throw translated(error);
}

/** Whether newer code has only added to the tables of this code. */
async function isReadable(db: Database): Promise<boolean> {
  try {
    const { rows } = await sql<{ oldest_migration: string }>`
      select oldest_migration from mien_compatibility`.execute(db);
    return rows.length === 1 && rows.every((row) => row.oldest_migration in MIGRATIONS);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) {
      return false;
    }
    throw translated(error);
  }
}
