import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Entries that fall due later, so that blobs can be promised to the outbox before they are stored; and whether an
 * entry was given out, from when on its blob may be gone.
 */
export const blobReservations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('outbox')
      .addColumn('due_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('offered', 'boolean', (column) => column.notNull().defaultTo(false))
      .execute();
    await sql`
      delete from outbox using outbox as later
      where outbox.kind = 'blob-unused' and later.kind = 'blob-unused'
        and outbox.blob_key = later.blob_key and outbox.id < later.id`.execute(db);
    await sql`create unique index outbox_blob on outbox (blob_key) where kind = 'blob-unused'`.execute(db);
  },
};
