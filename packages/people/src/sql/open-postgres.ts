import type { MienError } from '@mien/errors';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import type { PeopleStore } from '../people-store';
import { translated } from './database-error';
import { openLibrary, type StoreOptions, settingsOf } from './open-library';
import { type Schema, TABLES } from './schema';
import { soleProcess } from './sole-process';

export interface PostgresOptions extends StoreOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly connectionString: string;
  /** Connections at most, 10 unless given. */
  readonly connections?: number;
  /** How long a writer waits for another of the same person or group, 10 s unless given. */
  readonly lockTimeoutMs?: number;
  /** Told of connections that break while nobody uses them; new ones are made by themselves. */
  readonly onIdleError?: (error: Error) => void;
  /**
   * Asks for the database to be this process's alone, among those that ask: what follows the outbox and is not shared
   * needs that. Told when another process took it while the connection was broken: then this one has to end.
   */
  readonly onDisplaced?: (error: MienError) => void;
}

/** Ours are short statements. Without statistics the planner takes some for long ones and has them compiled, for 0.3 s. */
const SETTINGS = '-c jit=off';
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A people store in a PostgreSQL server, version 15 or newer. Brings its tables up to date. Throws
 * CONFIGURATION_INVALID when the database is asked for alone and another process has it.
 */
export async function openPostgresPeopleStore(options: PostgresOptions): Promise<PeopleStore> {
  const settings = settingsOf(options);
  const sole = await ownDatabase(options);
  const pool = new Pool({
    connectionString: options.connectionString,
    max: options.connections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    options: SETTINGS,
    application_name: 'mien',
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return openLibrary(db, settings, {
    maintain: async () => {
      await sql`vacuum analyze ${sql.join(TABLES.map((table) => sql.table(table)))}`.execute(db);
    },
    close: async () => {
      await db.destroy();
      await sole?.release();
    },
  });
}

async function ownDatabase({ connectionString, onDisplaced }: PostgresOptions) {
  try {
    return onDisplaced === undefined ? undefined : await soleProcess(connectionString, onDisplaced);
  } catch (error) {
    throw translated(error);
  }
}
