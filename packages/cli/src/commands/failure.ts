import { MienError } from '@mien/errors';

/** A command that can't be carried out as it was given. */
export class CommandError extends Error {}

/** An error in words for a person at a terminal, reason first. */
export function describeFailure(error: unknown): string {
  if (error instanceof MienError) {
    const advice =
      error.reason === 'BUS_UNAVAILABLE' ? '\nIs the platform running? `mien up` starts it.' : '';
    return `${error.reason}: ${error.message}${advice}`;
  }
  return error instanceof Error ? error.message : String(error);
}
