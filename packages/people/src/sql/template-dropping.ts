import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import { checkModelVersion } from '../naming';
import { change, type LibraryContext } from './context';
import { holdFaces, ownVersion } from './locks';
import type { InTransaction } from './schema';

/** Templates that one transaction removes: few enough that others don't wait long for its locks. */
const BATCH = 500;

export async function dropTemplates(library: LibraryContext, modelVersion: string): Promise<number> {
  checkModelVersion('modelVersion', modelVersion);
  let dropped = 0;
  for (;;) {
    const batch = await change(library.db, async (trx) => {
      // No group can begin to use the version until the transaction ends.
      await ownVersion(trx, modelVersion);
      await expectUnused(trx, modelVersion);
      return dropBatch(trx, modelVersion);
    });
    dropped += batch;
    if (batch === 0) {
      return dropped;
    }
  }
}

async function expectUnused(trx: InTransaction, modelVersion: string): Promise<void> {
  const group = await trx
    .selectFrom('groups')
    .select('id')
    .where('model_version', '=', modelVersion)
    .limit(1)
    .executeTakeFirst();
  if (group !== undefined) {
    throw inUse(`group ${group.id} is searched with the model ${modelVersion}`);
  }
  const job = await trx
    .selectFrom('jobs')
    .select('id')
    .where('ended_at', 'is', null)
    .where((where) =>
      where.or([where('model_version', '=', modelVersion), where('to_version', '=', modelVersion)]),
    )
    .limit(1)
    .executeTakeFirst();
  if (job !== undefined) {
    throw inUse(`job ${job.id} needs templates of the model ${modelVersion}`);
  }
}

/** Every face keeps a template: of the version that its groups are searched with. */
async function dropBatch(trx: InTransaction, modelVersion: string): Promise<number> {
  const batch = await trx
    .selectFrom('templates')
    .innerJoin('faces', 'faces.seq', 'templates.face_seq')
    .select('faces.id')
    .where('templates.model_version', '=', modelVersion)
    .orderBy('templates.face_seq')
    .limit(BATCH)
    .execute();
  const faces = await holdFaces(
    trx,
    batch.map((row) => row.id),
  );
  await closeWayBack(trx, modelVersion);
  const positions = [...faces.values()].map(({ seq }) => String(seq));
  await sql`
    delete from templates where model_version = ${modelVersion} and face_seq = any(${positions}::bigint[])
  `.execute(trx);
  await sql`
    update faces set model_version = other.model_version
    from (
      select face_seq, min(model_version) as model_version from templates
      where face_seq = any(${positions}::bigint[]) group by face_seq
    ) as other
    where faces.seq = other.face_seq and faces.model_version = ${modelVersion}`.execute(trx);
  return batch.length;
}

async function closeWayBack(trx: InTransaction, modelVersion: string): Promise<void> {
  const groups = await trx
    .selectFrom('groups')
    .select('id')
    .where('previous_version', '=', modelVersion)
    .orderBy('id')
    .forUpdate()
    .execute();
  const ids = groups.map((group) => group.id);
  await trx
    .updateTable('groups')
    .set({ previous_version: null })
    .where('id', '=', (any) => any.fn('any', [any.val(ids)]))
    .execute();
}

function inUse(message: string): MienError {
  return new MienError('MODEL_VERSION_IN_USE', message);
}
