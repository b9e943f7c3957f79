import { type Kysely, type Migration, sql } from 'kysely';

/** Ids and keys are compared byte by byte, the same on every server, whatever its locale. */
const key = sql`text collate "C"`;
const now = sql`now()`;

/** The first tables. A migration that was released is never changed: the next one changes what it left. */
export const libraryTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await groups(db);
    await persons(db);
    await faces(db);
    await outbox(db);
    await totals(db);
  },
};

async function groups(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('groups')
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('name', key, (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('field_names', sql`text[]`, (column) => column.notNull())
    .addColumn('model_version', key, (column) => column.notNull())
    .addColumn('person_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('face_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('deleting', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('groups_id', ['id'])
    .addUniqueConstraint('groups_name', ['name'])
    .addUniqueConstraint('groups_seq', ['seq'])
    .addCheckConstraint('groups_counts', sql`person_count >= 0 and face_count >= 0`)
    .execute();
}

async function persons(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('persons')
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('gender', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull().defaultTo(1))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('persons_id', ['id'])
    .execute();
  await db.schema
    .createTable('memberships')
    .addColumn('person_id', key, (column) => column.notNull().references('persons.id').onDelete('cascade'))
    .addColumn('group_id', key, (column) => column.notNull().references('groups.id'))
    .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('field_values', sql`text[]`, (column) => column.notNull())
    .addPrimaryKeyConstraint('memberships_person_group', ['person_id', 'group_id'])
    .addUniqueConstraint('memberships_group_seq', ['group_id', 'seq'])
    .execute();
}

async function faces(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('faces')
    .addColumn('id', 'uuid', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('person_id', key, (column) => column.notNull().references('persons.id').onDelete('cascade'))
    .addColumn('box_x', 'float8', (column) => column.notNull())
    .addColumn('box_y', 'float8', (column) => column.notNull())
    .addColumn('box_width', 'float8', (column) => column.notNull())
    .addColumn('box_height', 'float8', (column) => column.notNull())
    .addColumn('quality', 'float8', (column) => column.notNull())
    .addColumn('model_version', key, (column) => column.notNull())
    .addColumn('crop_key', key)
    .addColumn('photo_key', key)
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addPrimaryKeyConstraint('faces_seq', ['seq'])
    .addUniqueConstraint('faces_id', ['id'])
    .addUniqueConstraint('faces_crop_key', ['crop_key'])
    .addUniqueConstraint('faces_photo_key', ['photo_key'])
    .execute();
  await db.schema.createIndex('faces_person').on('faces').columns(['person_id', 'seq']).execute();
  await db.schema
    .createTable('templates')
    .addColumn('face_seq', 'bigint', (column) => column.notNull().references('faces.seq').onDelete('cascade'))
    .addColumn('model_version', key, (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('bytes', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('templates_face_version', ['face_seq', 'model_version'])
    .execute();
  await db.schema
    .createIndex('templates_version')
    .on('templates')
    .columns(['model_version', 'face_seq'])
    .execute();
  // Vectors are noise to a compressor: trying costs time and gains nothing.
  await sql`alter table templates alter column bytes set storage external`.execute(db);
}

async function outbox(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('id', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('person_id', key)
    .addColumn('face_id', 'uuid')
    .addColumn('blob_key', key)
    .addPrimaryKeyConstraint('outbox_id', ['id'])
    .execute();
  await db.schema.createIndex('outbox_topic').on('outbox').columns(['topic', 'id']).execute();
}

async function totals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('totals')
    .addColumn('one_row', 'boolean', (column) => column.notNull().defaultTo(true))
    .addColumn('group_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('person_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('face_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('totals_only', ['one_row'])
    .addCheckConstraint('totals_one_row', sql`one_row`)
    .execute();
  await sql`insert into totals default values`.execute(db);
}
