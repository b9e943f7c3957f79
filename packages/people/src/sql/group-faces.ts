import { type RawBuilder, sql } from 'kysely';
import { checkIds, invalid } from '../naming';
import type { FaceRange } from '../templates';
import { type LibraryContext, snapshot } from './context';
import { facesOfGroups } from './library-size';

const DEFAULT_BATCH = 1000;
const LARGEST_BATCH = 10_000;
/** So many positions of faces are kept in memory rather than looked for among all faces of the library. */
const FEW = 50_000;
/** Faces that one statement looks at for each that it is to give: more would keep others waiting. */
const MOST_LOOKS = 8;

/** Some faces of groups: what to read them from, as `f`, and the last position that it covers. */
export interface FaceSlice {
  readonly faces: RawBuilder<unknown>;
  readonly last: number;
}

/**
 * The faces of some groups in slices of about a batch, oldest first, so that each is read by a statement of bounded
 * work: those of small groups are known by their positions, those of large ones are looked for among all.
 */
export async function* slicesOfGroups(
  library: LibraryContext,
  { groupIds, after = 0, upTo = Number.MAX_SAFE_INTEGER, batchSize = DEFAULT_BATCH }: FaceRange,
  few = FEW,
): AsyncIterable<FaceSlice> {
  checkIds('groupIds', groupIds);
  checkBatchSize(batchSize);
  const plan = await snapshot(library.db, async (trx) => {
    const faces = await facesOfGroups(trx, groupIds);
    const all = await trx.selectFrom('totals').select('face_count').executeTakeFirstOrThrow();
    return { faces, looks: Math.min(MOST_LOOKS, Math.ceil(Number(all.face_count) / Math.max(1, faces))) };
  });
  yield* plan.faces <= few
    ? slicesOfPositions(await positionsOf(library, groupIds, after, upTo), groupIds, batchSize)
    : slicesOfAll(library, groupIds, after, upTo, batchSize * Math.max(1, plan.looks));
}

export function checkBatchSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > LARGEST_BATCH) {
    throw invalid('batchSize', `1 to ${LARGEST_BATCH}`);
  }
}

function* slicesOfPositions(
  positions: readonly number[],
  groupIds: readonly string[],
  size: number,
): Iterable<FaceSlice> {
  for (let start = 0; start < positions.length; start += size) {
    const slice = positions.slice(start, start + size);
    const faces = sql`unnest(${slice.map(String)}::bigint[]) as wanted
      join lateral (select * from faces where seq = wanted and ${isMember(groupIds)} offset 0) f on true`;
    yield { faces, last: slice.at(-1) ?? 0 };
  }
}

async function* slicesOfAll(
  library: LibraryContext,
  groupIds: readonly string[],
  after: number,
  upTo: number,
  size: number,
): AsyncIterable<FaceSlice> {
  let position = after;
  for (;;) {
    const last = await snapshot(library.db, async (trx) => {
      const { rows } = await sql<{ last: string | null }>`
        select max(seq) as last from (
          select seq from faces where seq > ${position} and seq <= ${upTo} order by seq limit ${size}
        ) as next`.execute(trx);
      return rows[0]?.last ?? null;
    });
    if (last === null) {
      return;
    }
    const range = sql`seq > ${position} and seq <= ${Number(last)}`;
    position = Number(last);
    yield {
      faces: sql`(select * from faces where ${range} and ${isMember(groupIds)} offset 0) f`,
      last: position,
    };
  }
}

async function positionsOf(
  library: LibraryContext,
  groupIds: readonly string[],
  after: number,
  upTo: number,
): Promise<readonly number[]> {
  return snapshot(library.db, async (trx) => {
    const { rows } = await sql<{ seq: string | number }>`
      select distinct f.seq from memberships m join faces f using (person_id)
      where m.group_id = any(${groupIds}::text[]) and f.seq > ${after} and f.seq <= ${upTo}
      order by f.seq`.execute(trx);
    return rows.map((row) => Number(row.seq));
  });
}

/** `offset 0` keeps the planner to one look-up a face. */
function isMember(groupIds: readonly string[]): RawBuilder<unknown> {
  return sql`exists (
    select 1 from memberships m
    where m.person_id = faces.person_id and m.group_id = any(${groupIds}::text[]) offset 0
  )`;
}
