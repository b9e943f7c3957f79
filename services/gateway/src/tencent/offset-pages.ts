import type { Page } from '@mien/proto';
import { TencentError } from './errors/tencent-error';

interface Listed<T> {
  readonly entries: readonly T[];
  readonly nextCursor: string;
  readonly total: number;
}

interface Asked {
  readonly Offset: number;
  readonly Limit: number;
}

const LARGEST_PAGE = 1_000;
/** Places in lists that are remembered, each a hundred bytes or two. */
const MOST_PLACES = 10_000;

/**
 * Lists by offset, from lists by cursor: what lies before the offset is read over. Where a page ended is remembered, so
 * that whoever reads a list page after page does not read it anew each time.
 */
export class OffsetPages {
  /** Cursors by list and offset, least lately used first. */
  private readonly places = new Map<string, string>();

  /**
   * The part of a list that is asked for.
   * @param list names it, and whoever sees it as it is
   * Throws InvalidParameterValue.OffsetExceed when it ends before the offset.
   */
  async read<T>(
    list: string,
    { Offset: offset, Limit: limit }: Asked,
    readPage: (page: Page) => Promise<Listed<T>>,
  ): Promise<{ readonly entries: readonly T[]; readonly total: number }> {
    let cursor = this.places.get(`${list} ${offset}`) ?? '';
    let at = cursor === '' ? 0 : offset;
    while (at < offset) {
      const skipped = await readPage({ size: Math.min(LARGEST_PAGE, offset - at), cursor });
      at += skipped.entries.length;
      cursor = skipped.nextCursor;
      if (cursor === '') {
        if (at < offset) {
          throw new TencentError('InvalidParameterValue.OffsetExceed', 'Offset');
        }
        return { entries: [], total: skipped.total };
      }
    }
    const { entries, nextCursor, total } = await readPage({ size: limit, cursor });
    if (nextCursor !== '') {
      this.remember(`${list} ${offset + entries.length}`, nextCursor);
    }
    return { entries, total };
  }

  /** As read, of a list whose new entries come first: where its pages ended says nothing later on. */
  newest<T>(
    list: string,
    asked: Asked,
    readPage: (page: Page) => Promise<Listed<T>>,
  ): Promise<{ readonly entries: readonly T[]; readonly total: number }> {
    return new OffsetPages().read(list, asked, readPage);
  }

  private remember(place: string, cursor: string): void {
    this.places.delete(place);
    this.places.set(place, cursor);
    const [oldest] = this.places.keys();
    if (this.places.size > MOST_PLACES && oldest !== undefined) {
      this.places.delete(oldest);
    }
  }
}
