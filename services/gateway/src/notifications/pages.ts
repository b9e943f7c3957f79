import { MienError } from '@mien/errors';
import type { Page } from '@mien/proto';

/** Entries of a page unless it asks for a number. */
export const USUAL_PAGE = 100;

interface Listed {
  readonly id: string;
  readonly createdAt: Date;
}

/** A page of a list that is oldest first; the cursor stays good when its entry is gone. Throws CURSOR_INVALID. */
export function pageOf<Entry extends Listed>(
  entries: readonly Entry[],
  page: Page | undefined,
): { readonly entries: readonly Entry[]; readonly nextCursor: string } {
  const size = page?.size || USUAL_PAGE;
  const after = page === undefined || page.cursor === '' ? undefined : placeIn(page.cursor);
  const from = after === undefined ? 0 : entries.findIndex((entry) => placeOf(entry) > after);
  const shown = from < 0 ? [] : entries.slice(from, from + size);
  const last = shown.at(-1);
  const more = from >= 0 && from + size < entries.length && last !== undefined;
  return { entries: shown, nextCursor: more ? Buffer.from(placeOf(last)).toString('base64url') : '' };
}

function placeOf({ id, createdAt }: Listed): string {
  return `${createdAt.toISOString()} ${id}`;
}

const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]{12}Z \S{1,64}$/;

function placeIn(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (!PLACE.test(place)) {
    throw new MienError('CURSOR_INVALID', 'this is no cursor of the list', {
      metadata: { field: 'page.cursor' },
    });
  }
  return place;
}
