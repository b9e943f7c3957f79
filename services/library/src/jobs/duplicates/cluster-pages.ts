import { MienError } from '@mien/errors';
import type { DuplicateCheckStore, DuplicatePair, Page, PageRequest } from '@mien/people';
import { clustersOf, type PersonCluster } from './clusters';

const PAIRS_AT_ONCE = 1_000;
/** Some hundred megabytes while the clusters are made. */
const MOST_PAIRS = 1_000_000;
const DEFAULT_SIZE = 100;
const LARGEST_SIZE = 1_000;
const PLACE = /^clusters (\S+) ([1-9][0-9]*) (\S+)$/;

/**
 * A page of the clusters of a check that is done, made of its pairs as they are now: persons who were deleted since are
 * in none. Clusters that nobody left in the meantime come exactly once. Throws JOB_NOT_FOUND, JOB_NOT_DONE,
 * CURSOR_INVALID, ARGUMENT_INVALID, and LIMIT_REACHED for more pairs than a million.
 */
export async function listClusters(
  checks: DuplicateCheckStore,
  id: string,
  request: PageRequest,
): Promise<Page<PersonCluster>> {
  const size = sizeOf(request);
  const after = placeOf(id, request.cursor);
  const check = await checks.get(id);
  if (check.state !== 'done') {
    throw new MienError('JOB_NOT_DONE', `duplicate check ${id} is not done`, { metadata: { jobId: id } });
  }
  const clusters = clustersOf(await allPairs(checks, id));
  const start = after === undefined ? 0 : clusters.findIndex((cluster) => comesAfter(cluster, after));
  const entries = start < 0 ? [] : clusters.slice(start, start + size);
  const last = entries.at(-1);
  const more = last !== undefined && clusters.at(-1) !== last;
  return { entries, total: clusters.length, ...(more ? { nextCursor: cursorAfter(id, last) } : {}) };
}

async function allPairs(checks: DuplicateCheckStore, id: string): Promise<readonly DuplicatePair[]> {
  const pairs: DuplicatePair[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page: Page<DuplicatePair> = await checks.pairs(id, { size: PAIRS_AT_ONCE, cursor });
    if (page.total > MOST_PAIRS) {
      throw new MienError('LIMIT_REACHED', `clusters are made of at most ${MOST_PAIRS} pairs`, {
        metadata: { limit: 'pairs', maximum: String(MOST_PAIRS) },
      });
    }
    pairs.push(...page.entries);
    cursor = page.nextCursor;
  }
  return pairs;
}

interface Place {
  readonly size: number;
  readonly firstPerson: string;
}

function comesAfter({ personIds }: PersonCluster, { size, firstPerson }: Place): boolean {
  return personIds.length < size || (personIds.length === size && (personIds[0] ?? '') > firstPerson);
}

function cursorAfter(id: string, { personIds }: PersonCluster): string {
  return Buffer.from(`clusters ${id} ${personIds.length} ${personIds[0]}`).toString('base64url');
}

function placeOf(id: string, cursor: string | undefined): Place | undefined {
  if (cursor === undefined || cursor === '') {
    return undefined;
  }
  const [, list, size, firstPerson] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (list !== id || firstPerson === undefined) {
    throw new MienError('CURSOR_INVALID', 'the cursor was not given by this list');
  }
  return { size: Number(size), firstPerson };
}

function sizeOf({ size = DEFAULT_SIZE }: PageRequest): number {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) {
    throw new MienError('ARGUMENT_INVALID', `page.size: 1 to ${LARGEST_SIZE} entries`, {
      metadata: { field: 'page.size', minimum: '1', maximum: String(LARGEST_SIZE) },
    });
  }
  return size;
}
