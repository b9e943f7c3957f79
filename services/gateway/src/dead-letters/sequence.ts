import { MienError } from '@mien/errors';

/** The place of a letter in its stream. Throws DEAD_LETTER_NOT_FOUND. */
export function sequenceIn(id: string): number {
  if (!/^[1-9]\d{0,14}$/.test(id)) {
    throw new MienError('DEAD_LETTER_NOT_FOUND', 'there is no such dead letter');
  }
  return Number(id);
}
