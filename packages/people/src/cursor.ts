import { MienError } from '@mien/errors';

const POSITION = /^([1-9][0-9]{0,15})$/;

/** A place in a list, for the client to hand back. It says which list it belongs to, and holds nothing secret. */
export function cursorAfter(list: string, position: number): string {
  return placeAfter(list, String(position));
}

/** The position that a cursor stands for; 0, before the first, for none. Throws CURSOR_INVALID for any other list's. */
export function positionOf(list: string, cursor: string | undefined): number {
  return Number(placeOf(list, cursor, POSITION)?.[1] ?? 0);
}

/** The same for lists whose places are not numbers alone. */
export function placeAfter(list: string, place: string): string {
  return Buffer.from(`${list} ${place}`).toString('base64url');
}

/** The place, taken apart by the pattern; undefined for none. Throws CURSOR_INVALID as positionOf. */
export function placeOf(
  list: string,
  cursor: string | undefined,
  pattern: RegExp,
): RegExpExecArray | undefined {
  if (cursor === undefined || cursor === '') {
    return undefined;
  }
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = text.startsWith(`${list} `) ? pattern.exec(text.slice(list.length + 1)) : null;
  if (place === null) {
    throw new MienError('CURSOR_INVALID', 'the cursor was not given by this list');
  }
  return place;
}
