import { type RawBuilder, sql } from 'kysely';
import { checkFaceIds, checkIds, checkModelVersion } from '../naming';
import type { FaceBatch, FaceRange, IndexedTemplate } from '../templates';
import type { LibraryContext } from './context';
import { translated } from './database-error';
import { checkBatchSize, slicesOfGroups } from './group-faces';

const DEFAULT_BATCH = 1000;

interface TemplateRow {
  readonly id: string;
  readonly person_id: string;
  readonly seq: string | number | bigint;
  readonly group_ids: readonly string[];
  readonly model_version: string;
  readonly key_id: string | null;
  readonly bytes: Uint8Array;
}

export async function templatesOfFaces(
  library: LibraryContext,
  faceIds: readonly string[],
  modelVersion?: string,
): Promise<readonly IndexedTemplate[]> {
  checkFaceIds('faceIds', faceIds);
  return templatesOf(
    library,
    sql`unnest(${[...new Set(faceIds)]}::uuid[]) as wanted
      join lateral (select * from faces where id = wanted offset 0) f on true`,
    modelVersion,
  );
}

export async function templatesOfPersons(
  library: LibraryContext,
  personIds: readonly string[],
  modelVersion?: string,
): Promise<readonly IndexedTemplate[]> {
  checkIds('personIds', personIds);
  return templatesOf(
    library,
    sql`unnest(${[...new Set(personIds)]}::text[]) as wanted
      join lateral (select * from faces where person_id = wanted offset 0) f on true`,
    modelVersion,
  );
}

/** Each batch is a read of its own, by keyset: however long the stream takes, it holds nothing back. */
export async function* streamTemplates(
  library: LibraryContext,
  modelVersion: string,
  batchSize = DEFAULT_BATCH,
): AsyncIterable<readonly IndexedTemplate[]> {
  checkModelVersion('modelVersion', modelVersion);
  checkBatchSize(batchSize);
  let after = 0;
  for (;;) {
    const rows = await read(
      library,
      sql`(
        select * from templates
        where model_version = ${modelVersion} and face_seq > ${after}
        order by face_seq limit ${batchSize}
      ) t join lateral (select * from faces where seq = t.face_seq offset 0) f on true`,
    );
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    after = Number(last.seq);
    yield templatesIn(library, rows);
  }
}

export async function* streamTemplatesOfGroups(
  library: LibraryContext,
  modelVersion: string,
  range: FaceRange,
): AsyncIterable<FaceBatch<IndexedTemplate>> {
  checkModelVersion('modelVersion', modelVersion);
  for await (const { faces, last } of slicesOfGroups(library, range)) {
    yield { entries: await templatesOf(library, faces, modelVersion), cursor: last };
  }
}

/**
 * `offset 0` keeps the planner to one look-up a face. Without statistics, which PGlite has only after maintenance, it
 * would rather read whole tables.
 */
async function templatesOf(
  library: LibraryContext,
  faces: RawBuilder<unknown>,
  modelVersion: string | undefined,
): Promise<readonly IndexedTemplate[]> {
  const version = modelVersion === undefined ? sql`` : sql`and model_version = ${modelVersion}`;
  const rows = await read(
    library,
    sql`${faces}
      join lateral (select * from templates where face_seq = f.seq ${version} offset 0) t on true`,
  );
  return templatesIn(library, rows);
}

/** One statement sees one state, so that it needs no transaction around it. */
async function read(library: LibraryContext, source: RawBuilder<unknown>): Promise<readonly TemplateRow[]> {
  try {
    const { rows } = await sql<TemplateRow>`
      select f.id, f.person_id, f.seq, t.model_version, t.key_id, t.bytes,
        array(select m.group_id from memberships m where m.person_id = f.person_id order by m.seq) as group_ids
      from ${source}
      order by f.seq, t.model_version`.execute(library.db);
    return rows;
  } catch (error) {
    throw translated(error);
  }
}

function templatesIn(library: LibraryContext, rows: readonly TemplateRow[]): readonly IndexedTemplate[] {
  return rows.map((row) => ({
    faceId: row.id,
    personId: row.person_id,
    groupIds: row.group_ids,
    modelVersion: row.model_version,
    vector: library.codec.decode({ keyId: row.key_id, bytes: row.bytes }, row.id, row.model_version),
  }));
}
