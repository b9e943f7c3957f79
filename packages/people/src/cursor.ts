import { MienError } from '@mien/errors';

const POSITION = /^[1-9][0-9]{0,15}$/;

/** A place in a list, for the client to hand back. It says which list it belongs to, and holds nothing secret. */
export function cursorAfter(list: string, position: number): string {
  return Buffer.from(`${list} ${position}`).toString('base64url');
}

/** The position that a cursor stands for; 0, before the first, for none. Throws CURSOR_INVALID for any other list's. */
export function positionOf(list: string, cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') {
    return 0;
  }
  const text = Buffer.from(cursor, 'base64url').toString();
  const position = text.slice(list.length + 1);
  if (!text.startsWith(`${list} `) || !POSITION.test(position)) {
    throw new MienError('CURSOR_INVALID', 'the cursor was not given by this list');
  }
  return Number(position);
}
