import { type Kysely, type Migration, sql } from 'kysely';

/** The way back from a switch of model versions, and the faces that an upgrade failed with. */
export const modelVersions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('groups').addColumn('previous_version', sql`text collate "C"`).execute();
    await db.schema
      .createTable('failed_faces')
      .addColumn('job_seq', 'bigint', (column) => column.notNull().references('jobs.seq').onDelete('cascade'))
      .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
      .addColumn('face_id', 'uuid', (column) => column.notNull().references('faces.id').onDelete('cascade'))
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('message', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('failed_faces_face', ['job_seq', 'face_id'])
      .addUniqueConstraint('failed_faces_seq', ['job_seq', 'seq'])
      .execute();
    await db.schema.createIndex('failed_faces_id').on('failed_faces').column('face_id').execute();
  },
};
