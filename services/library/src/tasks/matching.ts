import { MienError } from '@mien/errors';
import { Matching } from '@mien/proto';

/**
 * Whether persons are compared as a whole rather than by their best face. Throws ARGUMENT_INVALID when there is no such
 * matching.
 */
export function isFused(matching: Matching): boolean {
  switch (matching) {
    case Matching.MATCHING_UNSPECIFIED:
    case Matching.MATCHING_BEST_FACE:
      return false;
    case Matching.MATCHING_FUSED:
      return true;
    default:
      throw new MienError('ARGUMENT_INVALID', 'matching: there is no such matching', {
        metadata: { field: 'matching' },
      });
  }
}
