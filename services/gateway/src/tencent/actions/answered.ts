import { MienError } from '@mien/errors';

/** A part that an answer of ours always has. Throws INTERNAL when it has not. */
export function answered<T>(part: T | undefined): T {
  if (part === undefined) {
    throw new MienError('INTERNAL', 'an answer came without what it is about');
  }
  return part;
}
