import { sql } from 'kysely';
import { placeAfter, placeOf } from '../../cursor';
import type { DuplicateFace, DuplicatePair } from '../../duplicate-checks';
import { checkFaceId, checkId, invalid } from '../../naming';
import { type Page, type PageRequest, pageSize } from '../../page';
import { holdFaces } from '../locks';
import type { InTransaction, JobRow } from '../schema';

const MOST_PAIRS = 10_000;
/** A score as JavaScript writes it, which reads back the same to the last bit, and the position among equals. */
const PLACE = /^(-?[0-9.]+(?:e[+-]?[0-9]+)?) ([1-9][0-9]{0,15})$/;

/** Throws ARGUMENT_INVALID. */
export function checkPairs(pairs: readonly DuplicatePair[]): void {
  if (pairs.length > MOST_PAIRS) {
    throw invalid('pairs', `at most ${MOST_PAIRS} pairs at once`);
  }
  pairs.forEach(({ first, second, score }, index) => {
    const field = `pairs[${index}]`;
    for (const { personId, faceId } of [first, second]) {
      checkId(field, personId);
      checkFaceId(field, faceId);
    }
    if (!(first.personId < second.personId) || !Number.isFinite(score)) {
      throw invalid(field, 'persons in the order of their ids, and a finite score');
    }
  });
}

/** Pairs of faces that were there when the job started, still are and belong to these persons; the best score stays. */
export async function savePairs(
  trx: InTransaction,
  job: JobRow,
  pairs: readonly DuplicatePair[],
): Promise<void> {
  const held = await holdFaces(
    trx,
    pairs.flatMap(({ first, second }) => [first.faceId, second.faceId]),
  );
  const isThere = ({ faceId, personId }: DuplicateFace) => {
    const face = held.get(faceId);
    return face?.personId === personId && face.seq <= Number(job.last_face);
  };
  const rows = bestOfEach(pairs.filter(({ first, second }) => isThere(first) && isThere(second)));
  if (rows.length === 0) {
    return;
  }
  await sql`
    insert into duplicate_pairs as known
      (job_seq, first_person, second_person, first_face, second_face, score)
    select ${Number(job.seq)}::bigint, * from unnest(
      ${rows.map((row) => row.first.personId)}::text[], ${rows.map((row) => row.second.personId)}::text[],
      ${rows.map((row) => row.first.faceId)}::uuid[], ${rows.map((row) => row.second.faceId)}::uuid[],
      ${rows.map((row) => row.score)}::float8[]
    )
    on conflict (job_seq, first_person, second_person) do update
    set first_face = excluded.first_face, second_face = excluded.second_face, score = excluded.score
    where excluded.score > known.score`.execute(trx);
}

export async function countPairs(trx: InTransaction, { seq }: JobRow): Promise<number> {
  const { count } = await trx
    .selectFrom('duplicate_pairs')
    .select((select) => select.fn.countAll().as('count'))
    .where('job_seq', '=', Number(seq))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function listPairs(
  trx: InTransaction,
  job: JobRow,
  request: PageRequest,
): Promise<Page<DuplicatePair>> {
  const size = pageSize(request);
  const list = `pairs ${job.id}`;
  const [, score, position] = placeOf(list, request.cursor, PLACE) ?? [];
  const after = {
    score: score === undefined ? Number.POSITIVE_INFINITY : Number(score),
    seq: Number(position ?? 0),
  };
  const rows = await trx
    .selectFrom('duplicate_pairs')
    .selectAll()
    .where('job_seq', '=', Number(job.seq))
    .where('score', '<=', after.score)
    .where((where) => where.or([where('score', '<', after.score), where('seq', '>', after.seq)]))
    .orderBy('score', 'desc')
    .orderBy('seq')
    .limit(size + 1)
    .execute();
  const kept = rows.slice(0, size);
  const last = kept.at(-1);
  return {
    entries: kept.map((row) => ({
      first: { personId: row.first_person, faceId: row.first_face },
      second: { personId: row.second_person, faceId: row.second_face },
      score: row.score,
    })),
    ...(rows.length > size && last !== undefined
      ? { nextCursor: placeAfter(list, `${last.score} ${last.seq}`) }
      : {}),
    total: await countPairs(trx, job),
  };
}

/** One statement can't change a row twice. */
function bestOfEach(pairs: readonly DuplicatePair[]): readonly DuplicatePair[] {
  const best = new Map<string, DuplicatePair>();
  for (const pair of pairs) {
    const key = `${pair.first.personId} ${pair.second.personId}`;
    if ((best.get(key)?.score ?? Number.NEGATIVE_INFINITY) < pair.score) {
      best.set(key, pair);
    }
  }
  return [...best.values()];
}
