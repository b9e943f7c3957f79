import { checkFaceIds, checkIds, checkModelVersion, invalid } from '../naming';
import type { IndexedTemplate } from '../templates';
import { type LibraryContext, snapshot } from './context';
import type { InTransaction } from './schema';

const DEFAULT_BATCH = 1000;
const LARGEST_BATCH = 10_000;

interface TemplateRow {
  readonly id: string;
  readonly person_id: string;
  readonly seq: string | number | bigint;
  readonly model_version: string;
  readonly key_id: string | null;
  readonly bytes: Uint8Array;
}

export async function templatesOfFaces(
  library: LibraryContext,
  faceIds: readonly string[],
): Promise<readonly IndexedTemplate[]> {
  checkFaceIds('faceIds', faceIds);
  if (faceIds.length === 0) {
    return [];
  }
  return snapshot(library.db, async (trx) => {
    const rows = await selectTemplates(trx).where('faces.id', 'in', faceIds).orderBy('faces.seq').execute();
    return withGroups(library, trx, rows);
  });
}

export async function templatesOfPersons(
  library: LibraryContext,
  personIds: readonly string[],
): Promise<readonly IndexedTemplate[]> {
  checkIds('personIds', personIds);
  if (personIds.length === 0) {
    return [];
  }
  return snapshot(library.db, async (trx) => {
    const rows = await selectTemplates(trx)
      .where('faces.person_id', 'in', personIds)
      .orderBy('faces.seq')
      .execute();
    return withGroups(library, trx, rows);
  });
}

/** Each batch is a read of its own, by keyset: however long the stream takes, it holds nothing back. */
export async function* streamTemplates(
  library: LibraryContext,
  modelVersion: string,
  batchSize = DEFAULT_BATCH,
): AsyncIterable<readonly IndexedTemplate[]> {
  checkModelVersion('modelVersion', modelVersion);
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > LARGEST_BATCH) {
    throw invalid('batchSize', `1 to ${LARGEST_BATCH}`);
  }
  let after = 0;
  for (;;) {
    const batch = await snapshot(library.db, (trx) =>
      readBatch(library, trx, modelVersion, after, batchSize),
    );
    if (batch.templates.length === 0) {
      return;
    }
    after = batch.last;
    yield batch.templates;
  }
}

async function readBatch(
  library: LibraryContext,
  trx: InTransaction,
  modelVersion: string,
  after: number,
  size: number,
): Promise<{ templates: readonly IndexedTemplate[]; last: number }> {
  const rows = await selectTemplates(trx)
    .where('templates.model_version', '=', modelVersion)
    .where('templates.face_seq', '>', after)
    .orderBy('templates.face_seq')
    .limit(size)
    .execute();
  return { templates: await withGroups(library, trx, rows), last: Number(rows.at(-1)?.seq ?? after) };
}

function selectTemplates(trx: InTransaction) {
  return trx
    .selectFrom('templates')
    .innerJoin('faces', 'faces.seq', 'templates.face_seq')
    .select(['faces.id', 'faces.person_id', 'faces.seq'])
    .select(['templates.model_version', 'templates.key_id', 'templates.bytes']);
}

async function withGroups(
  library: LibraryContext,
  trx: InTransaction,
  rows: readonly TemplateRow[],
): Promise<readonly IndexedTemplate[]> {
  if (rows.length === 0) {
    return [];
  }
  const personIds = [...new Set(rows.map((row) => row.person_id))];
  const memberships = await trx
    .selectFrom('memberships')
    .select(['person_id', 'group_id'])
    .where('person_id', '=', (any) => any.fn('any', [any.val(personIds)]))
    .orderBy('seq')
    .execute();
  const groupIds = new Map<string, string[]>(personIds.map((id) => [id, []]));
  for (const row of memberships) {
    groupIds.get(row.person_id)?.push(row.group_id);
  }
  return rows.map((row) => ({
    faceId: row.id,
    personId: row.person_id,
    groupIds: groupIds.get(row.person_id) ?? [],
    modelVersion: row.model_version,
    vector: library.codec.decode({ keyId: row.key_id, bytes: row.bytes }, row.id, row.model_version),
  }));
}
