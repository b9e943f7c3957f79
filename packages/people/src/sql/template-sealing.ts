import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import type { Resealed } from '../templates';
import { change, type LibraryContext } from './context';
import { checkBatchSize } from './group-faces';
import type { InTransaction } from './schema';

const DEFAULT_BATCH = 500;

interface SealedRow {
  readonly id: string;
  readonly face_seq: string | number | bigint;
  readonly model_version: string;
  readonly key_id: string | null;
  readonly bytes: Uint8Array;
}

/** Each batch is a transaction of its own. What is locked is just being written, with the newest key, or deleted. */
export async function* reencryptTemplates(
  library: LibraryContext,
  batchSize = DEFAULT_BATCH,
): AsyncIterable<Resealed> {
  checkBatchSize(batchSize);
  const { keyId } = library.codec;
  if (keyId === undefined) {
    throw new MienError('CONFIGURATION_INVALID', 'there is no key to encrypt templates with');
  }
  let after: Pick<SealedRow, 'face_seq' | 'model_version'> = { face_seq: 0, model_version: '' };
  for (;;) {
    const position = after;
    const rows = await change(library.db, async (trx) => {
      const found = await read(trx, keyId, position, batchSize);
      const sealed: boolean[] = [];
      for (const row of found) {
        sealed.push(await sealAnew(library, trx, row));
      }
      return found.map((row, index) => ({ row, sealed: sealed[index] === true }));
    });
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    after = last.row;
    const resealed = rows.filter((one) => one.sealed).length;
    yield { resealed, unreadable: rows.length - resealed };
  }
}

async function read(
  trx: InTransaction,
  keyId: string,
  after: Pick<SealedRow, 'face_seq' | 'model_version'>,
  count: number,
): Promise<readonly SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select f.id, t.face_seq, t.model_version, t.key_id, t.bytes
    from templates t join faces f on f.seq = t.face_seq
    where (t.face_seq, t.model_version) > (${Number(after.face_seq)}::bigint, ${after.model_version})
      and t.key_id is distinct from ${keyId}
    order by t.face_seq, t.model_version
    limit ${count} for update of t skip locked`.execute(trx);
  return rows;
}

/** False for what can't be read, and stays as it is. */
async function sealAnew(library: LibraryContext, trx: InTransaction, row: SealedRow): Promise<boolean> {
  const vector = vectorOf(library, row);
  if (vector === undefined) {
    return false;
  }
  const { keyId, bytes } = library.codec.encode(vector, row.id, row.model_version);
  await trx
    .updateTable('templates')
    .set({ key_id: keyId, bytes })
    .where('face_seq', '=', Number(row.face_seq))
    .where('model_version', '=', row.model_version)
    .execute();
  return true;
}

function vectorOf(library: LibraryContext, row: SealedRow): Float32Array | undefined {
  try {
    return library.codec.decode({ keyId: row.key_id, bytes: row.bytes }, row.id, row.model_version);
  } catch {
    return undefined;
  }
}
