import { cursorAfter } from './cursor';
import { invalid } from './naming';

/** Which part of a list. Entries that are there all the time come exactly once, whatever is added or removed. */
export interface PageRequest {
  /** 1..1000; 100 unless given. */
  readonly size?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly entries: readonly T[];
  /** Not set at the end. */
  readonly nextCursor?: string;
  /** Entries of the whole list. */
  readonly total: number;
}

const DEFAULT_SIZE = 100;
const MOST = 1000;

/** Throws ARGUMENT_INVALID for a size that no page has. */
export function pageSize(request: PageRequest): number {
  const size = request.size ?? DEFAULT_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > MOST) {
    throw invalid('page.size', `1 to ${MOST} entries`);
  }
  return size;
}

/** A page out of rows that were read one further than its size, to see whether more follow. */
export function cutPage<R>(
  rows: readonly R[],
  size: number,
  list: string,
  position: (row: R) => number,
): { rows: readonly R[]; nextCursor?: string } {
  const kept = rows.slice(0, size);
  const last = kept.at(-1);
  return rows.length > size && last !== undefined
    ? { rows: kept, nextCursor: cursorAfter(list, position(last)) }
    : { rows: kept };
}
