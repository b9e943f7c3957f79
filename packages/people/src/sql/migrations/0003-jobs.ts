import { type Kysely, type Migration, sql } from 'kysely';

const key = sql`text collate "C"`;

/** Long work, and what duplicate checks find. */
export const jobs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('jobs')
      .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
      .addColumn('id', 'uuid', (column) => column.notNull().defaultTo(sql`gen_random_uuid()`))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('group_ids', sql`text[]`, (column) => column.notNull())
      .addColumn('model_version', key, (column) => column.notNull())
      .addColumn('to_version', key)
      .addColumn('minimum_score', 'float8')
      .addColumn('state', 'text', (column) => column.notNull().defaultTo('queued'))
      .addColumn('lease_token', 'uuid')
      .addColumn('lease_until', 'timestamptz')
      .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('last_face', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('position', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('faces_done', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('faces_total', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('failure_reason', 'text')
      .addColumn('failure_message', 'text')
      .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('started_at', 'timestamptz')
      .addColumn('ended_at', 'timestamptz')
      .addPrimaryKeyConstraint('jobs_seq', ['seq'])
      .addUniqueConstraint('jobs_id', ['id'])
      .execute();
    await db.schema.createIndex('jobs_kind').on('jobs').columns(['kind', 'seq']).execute();
    await sql`create index jobs_unfinished on jobs (kind, seq) where ended_at is null`.execute(db);
    await duplicatePairs(db);
  },
};

/** A pair goes with its faces, and so with its persons. */
async function duplicatePairs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('duplicate_pairs')
    .addColumn('job_seq', 'bigint', (column) => column.notNull().references('jobs.seq').onDelete('cascade'))
    .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('first_person', key, (column) => column.notNull())
    .addColumn('second_person', key, (column) => column.notNull())
    .addColumn('first_face', 'uuid', (column) => column.notNull().references('faces.id').onDelete('cascade'))
    .addColumn('second_face', 'uuid', (column) => column.notNull().references('faces.id').onDelete('cascade'))
    .addColumn('score', 'float8', (column) => column.notNull())
    .addPrimaryKeyConstraint('duplicate_pairs_persons', ['job_seq', 'first_person', 'second_person'])
    .addCheckConstraint('duplicate_pairs_order', sql`first_person < second_person`)
    .execute();
  await sql`create index duplicate_pairs_score on duplicate_pairs (job_seq, score desc, seq)`.execute(db);
  for (const column of ['first_face', 'second_face']) {
    await db.schema.createIndex(`duplicate_pairs_${column}`).on('duplicate_pairs').column(column).execute();
  }
}
