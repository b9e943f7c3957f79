/**
 * Brings the tables of the database to the form that this version knows, and leaves: to be run before the libraries of
 * a new version, which would do the same when they start. Tables only ever grow between neighbouring versions, so that
 * libraries of the last one go on meanwhile. Leaves with 2 when it could not be done.
 */
import { asMienError, MienError } from '@mien/errors';
import { openPostgresPeopleStore } from '@mien/people';
import { parseConfig } from '@mien/service';
import { libraryConfigSchema } from './config';

async function migrateDatabase(): Promise<void> {
  const { library } = parseConfig({ library: libraryConfigSchema }, process.env);
  if (library.databaseUrl === undefined) {
    throw new MienError('CONFIGURATION_INVALID', 'MIEN_LIBRARY_DATABASE_URL names the database to migrate');
  }
  const people = await openPostgresPeopleStore({
    limits: library.limits,
    connectionString: library.databaseUrl,
    connections: 2,
  });
  await people.close();
}

migrateDatabase().then(
  () => console.log('The tables are those of this version.'),
  (thrown: unknown) => {
    const { reason, message } = asMienError(thrown);
    console.error(`${reason}: ${message}`);
    process.exitCode = 2;
  },
);
