import { PGlite, types } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import type { PeopleStore } from '../people-store';
import { clusterIn } from './cluster';
import { ownFolder } from './data-folder';
import { DURABLE_PARAMETERS, DurableFileSystem } from './durable-file-system';
import { openLibrary, type StoreOptions, settingsOf } from './open-library';
import { PglitePool } from './pglite-pool';
import { type Schema, TABLES } from './schema';

export interface PgliteOptions extends StoreOptions {
  /** Made when it is not there. One process at a time. */
  readonly folder: string;
}

/**
 * A people store in PGlite, PostgreSQL inside this process. Queries run on the event loop's thread. Throws
 * CONFIGURATION_INVALID when another process has the folder.
 */
export async function openPglitePeopleStore(options: PgliteOptions): Promise<PeopleStore> {
  const settings = settingsOf(options);
  const folder = await ownFolder(options.folder);
  let database: PGlite;
  try {
    database = await PGlite.create({
      fs: new DurableFileSystem(await clusterIn(folder.path)),
      startParams: DURABLE_PARAMETERS,
      parsers: { [types.BYTEA]: bytesOfHex },
    });
  } catch (error) {
    await folder.release();
    throw error;
  }
  const pool = new PglitePool(database);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return openLibrary(db, settings, {
    // Nothing vacuums and nothing ends the write-ahead log by itself inside one process.
    maintain: async () => {
      const connection = await pool.connect();
      try {
        await connection.query(`vacuum analyze ${TABLES.join(', ')}`, []);
        await connection.query('checkpoint', []);
      } finally {
        connection.release();
      }
    },
    close: async () => {
      await db.destroy();
      await folder.release();
    },
  });
}

/** The text form of bytes, `\x` and hex. PGlite's own parser takes most of the time that reading templates needs. */
function bytesOfHex(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}
