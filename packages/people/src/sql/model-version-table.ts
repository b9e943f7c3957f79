import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import { checkIds, checkModelVersion, invalid } from '../naming';
import { change, type LibraryContext } from './context';
import { versionsDiffer } from './face-table';
import { groupNotFound, holdVersion, lockGroups } from './locks';
import type { GroupRow, InTransaction } from './schema';

export async function switchModelVersion(
  library: LibraryContext,
  groupIds: readonly string[],
  from: string,
  to: string,
): Promise<void> {
  checkGroups(groupIds);
  checkModelVersion('from', from);
  checkModelVersion('to', to);
  const start = await readStart(library, groupIds);
  await change(library.db, async (trx) => {
    await prepareSwitch(trx, groupIds, to);
    await switchGroups(trx, { groups: await presentGroups(trx, groupIds), from, to, start });
  });
}

/** Where faces and members stood at a moment when nobody was adding any to the groups. */
export interface SwitchStart {
  readonly lastFace: number;
  readonly lastMember: number;
}

interface Switch {
  /** Their locks are held. */
  readonly groups: readonly GroupRow[];
  readonly from: string;
  readonly to: string;
  readonly start: SwitchStart;
}

/**
 * Every face of a large group is looked at before the group is locked, so that nobody has to wait for it, and only
 * what came since under the lock. Whoever adds faces or members holds the lock of the group while they get their
 * positions, so that none of an earlier position can appear after this.
 */
export function readStart(library: LibraryContext, groupIds: readonly string[]): Promise<SwitchStart> {
  return change(library.db, async (trx) => {
    await lockGroups(trx, groupIds);
    const { rows } = await sql<{ face: string | null; member: string | null }>`
      select (select max(seq) from faces) as face, (select max(seq) from memberships) as member`.execute(trx);
    return { lastFace: Number(rows[0]?.face ?? 0), lastMember: Number(rows[0]?.member ?? 0) };
  });
}

/** After readStart, before groups are locked. Throws TEMPLATES_MISSING. */
export async function prepareSwitch(
  trx: InTransaction,
  groupIds: readonly string[],
  to: string,
): Promise<void> {
  // From here on none of the templates is dropped.
  await holdVersion(trx, to);
  expectNone(await facesLacking(trx, groupIds, to), to);
}

export async function rollBackModelVersion(
  library: LibraryContext,
  groupIds: readonly string[],
): Promise<void> {
  checkGroups(groupIds);
  await change(library.db, async (trx) => {
    const before = await trx
      .selectFrom('groups')
      .select('previous_version')
      .where('id', 'in', groupIds)
      .execute();
    for (const version of new Set(before.map((group) => group.previous_version))) {
      await holdVersion(trx, version ?? '');
    }
    await rollBackGroups(trx, await presentGroups(trx, groupIds));
  });
}

/** After prepareSwitch. Throws MODEL_VERSIONS_DIFFER, TEMPLATES_MISSING. */
export async function switchGroups(trx: InTransaction, { groups, from, to, start }: Switch): Promise<void> {
  const other = groups.find((group) => group.model_version !== from);
  if (other !== undefined) {
    throw versionsDiffer(other.id, other.model_version, from);
  }
  const ids = groups.map((group) => group.id);
  expectNone(await laterFacesLacking(trx, ids, to, start), to);
  await trx
    .updateTable('groups')
    .set({ model_version: to, previous_version: from, updated_at: sql`now()` })
    .where('id', '=', (any) => any.fn('any', [any.val(ids)]))
    .execute();
}

/** Groups whose locks are held, and those of their versions before. Throws UPGRADE_NOT_REVERSIBLE. */
export async function rollBackGroups(trx: InTransaction, groups: readonly GroupRow[]): Promise<void> {
  for (const { id, previous_version: version } of groups) {
    if (version === null) {
      throw notReversible(`group ${id} has no model version to go back to`);
    }
    const lacking = await facesLacking(trx, [id], version);
    if (lacking > 0) {
      throw notReversible(`${lacking} faces of group ${id} have no template of the model ${version}`);
    }
    await trx
      .updateTable('groups')
      .set({ model_version: version, previous_version: null, updated_at: sql`now()` })
      .where('id', '=', id)
      .execute();
  }
}

export function notReversible(message: string): MienError {
  return new MienError('UPGRADE_NOT_REVERSIBLE', message);
}

function expectNone(lacking: number, modelVersion: string): void {
  if (lacking > 0) {
    throw new MienError(
      'TEMPLATES_MISSING',
      `${lacking} faces have no template of the model ${modelVersion}`,
      {
        metadata: { faces: String(lacking) },
      },
    );
  }
}

/** The same of faces and members that came since. */
async function laterFacesLacking(
  trx: InTransaction,
  groupIds: readonly string[],
  modelVersion: string,
  { lastFace, lastMember }: SwitchStart,
): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) from (
      select f.seq from faces f where f.seq > ${lastFace} and exists (
        select 1 from memberships m where m.person_id = f.person_id and m.group_id = any(${groupIds}::text[])
      )
      union
      select f.seq from memberships m join faces f using (person_id)
      where m.group_id = any(${groupIds}::text[]) and m.seq > ${lastMember}
    ) as later
    where not exists (
      select 1 from templates t where t.face_seq = later.seq and t.model_version = ${modelVersion}
    )`.execute(trx);
  return Number(rows[0]?.count ?? 0);
}

/** How many faces of the groups have no template of the version. */
async function facesLacking(
  trx: InTransaction,
  groupIds: readonly string[],
  modelVersion: string,
): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) from faces f
    where f.person_id in (select person_id from memberships where group_id = any(${groupIds}::text[]))
      and not exists (
        select 1 from templates t where t.face_seq = f.seq and t.model_version = ${modelVersion}
      )`.execute(trx);
  return Number(rows[0]?.count ?? 0);
}

async function presentGroups(trx: InTransaction, ids: readonly string[]): Promise<readonly GroupRow[]> {
  const groups = await lockGroups(trx, ids);
  const missing = ids.find((id) => !groups.has(id));
  if (missing !== undefined) {
    throw groupNotFound(missing);
  }
  return [...groups.values()];
}

function checkGroups(groupIds: readonly string[]): void {
  checkIds('groupIds', groupIds);
  if (groupIds.length === 0) {
    throw invalid('groupIds', 'at least one group is needed');
  }
}
