import { MienError } from '@mien/errors';

/** What an answer always has. Throws INTERNAL when it does not. */
export function present<T>(part: T | undefined): T {
  if (part === undefined) {
    throw new MienError('INTERNAL', 'the answer is not complete');
  }
  return part;
}
