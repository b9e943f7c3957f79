import { MienError } from '@mien/errors';
import type { TimeoutLimits } from '../usecases/timeout-limits';

/** How long a client lets us take, in milliseconds: HTTP has no deadline of its own. */
export const TIMEOUT_HEADER = 'Request-Timeout-Ms';

/** The time that a request gives, from its header. Throws ARGUMENT_INVALID. */
export function requestTimeoutMs(header: string | string[] | undefined, limits: TimeoutLimits): number {
  if (header === undefined) {
    return limits.defaultMs;
  }
  const milliseconds = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
  if (milliseconds === 0) {
    throw new MienError(
      'ARGUMENT_INVALID',
      `${TIMEOUT_HEADER} must be a whole number of milliseconds above 0`,
      {
        metadata: { field: TIMEOUT_HEADER },
      },
    );
  }
  return Math.min(milliseconds, limits.maximumMs);
}
