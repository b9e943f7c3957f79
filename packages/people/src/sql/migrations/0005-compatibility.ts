import { type Kysely, type Migration, sql } from 'kysely';

/**
 * From here on a version starts on tables that a newer one has changed, as long as its own newest migration is at least
 * the one named here: a pod of the last version that is started anew in the middle of an upgrade, or after a roll-back.
 * A migration that takes something away which older code needs writes its own name here.
 */
export const compatibility: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('mien_compatibility')
      .addColumn('oldest_migration', sql`text collate "C"`, (column) => column.notNull())
      .execute();
    await sql`insert into mien_compatibility (oldest_migration) values ('0005-compatibility')`.execute(db);
  },
};
