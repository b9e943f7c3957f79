import { isReason } from '@mien/errors';
import { type RawBuilder, sql } from 'kysely';
import { positionOf } from '../../cursor';
import type { FailedFace } from '../../model-upgrades';
import { checkFaceIds } from '../../naming';
import { cutPage, type Page, type PageRequest, pageSize } from '../../page';
import { holdFaces } from '../locks';
import type { InTransaction, JobRow } from '../schema';

/** Throws ARGUMENT_INVALID. */
export function checkFailed(failed: readonly FailedFace[]): void {
  checkFaceIds(
    'failed',
    failed.map((face) => face.faceId),
  );
}

/** Those that are there; the last failure of a face stays. */
export async function saveFailed(
  trx: InTransaction,
  job: JobRow,
  failed: readonly FailedFace[],
): Promise<void> {
  const faces = await holdFaces(
    trx,
    failed.map((face) => face.faceId),
  );
  for (const { faceId, reason, message } of failed.filter((face) => faces.has(face.faceId))) {
    await trx
      .insertInto('failed_faces')
      .values({ job_seq: Number(job.seq), face_id: faceId, reason, message })
      .onConflict((known) => known.columns(['job_seq', 'face_id']).doUpdateSet({ reason, message }))
      .execute();
  }
}

export async function forgetFailed(
  trx: InTransaction,
  job: JobRow,
  faceIds: readonly string[],
): Promise<void> {
  await sql`
    delete from failed_faces where job_seq = ${Number(job.seq)} and face_id = any(${faceIds}::uuid[])
  `.execute(trx);
}

/** Of persons who are still in one of the job's groups. */
export async function countFailed(trx: InTransaction, job: JobRow): Promise<number> {
  const { count } = await trx
    .selectFrom('failed_faces')
    .select((select) => select.fn.countAll().as('count'))
    .where('job_seq', '=', Number(job.seq))
    .where(stillThere(job))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function listFailed(
  trx: InTransaction,
  job: JobRow,
  request: PageRequest,
): Promise<Page<FailedFace>> {
  const size = pageSize(request);
  const list = `failed ${job.id}`;
  const found = await trx
    .selectFrom('failed_faces')
    .selectAll()
    .where('job_seq', '=', Number(job.seq))
    .where(stillThere(job))
    .where('seq', '>', positionOf(list, request.cursor))
    .orderBy('seq')
    .limit(size + 1)
    .execute();
  const { rows, ...next } = cutPage(found, size, list, (row) => Number(row.seq));
  const entries = rows.map(({ face_id: faceId, reason, message }) => ({
    faceId,
    reason: isReason(reason) ? reason : 'INTERNAL',
    message,
  }));
  return { entries, ...next, total: await countFailed(trx, job) };
}

function stillThere({ group_ids: groupIds }: JobRow): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select 1 from faces f join memberships m using (person_id)
    where f.id = failed_faces.face_id and m.group_id = any(${groupIds}::text[])
  )`;
}
