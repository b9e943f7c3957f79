import { MienError } from '@mien/errors';

/** A command that can't be carried out as it was given. */
export class CommandError extends Error {}

/** What Node says by its codes of files. */
const FILE_TROUBLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this may not be read or written',
  EISDIR: 'this is a folder',
  ENOTDIR: 'this is no folder',
};

/** An error in words for a person at a terminal, reason first. */
export function describeFailure(error: unknown): string {
  if (error instanceof MienError) {
    const advice =
      error.reason === 'BUS_UNAVAILABLE' ? '\nIs the platform running? `mien up` starts it.' : '';
    return `${error.reason}: ${tidy(error.message)}${advice}`;
  }
  if (error instanceof Error && 'code' in error && 'path' in error) {
    return `${error.path}: ${FILE_TROUBLE[String(error.code)] ?? error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Without the frame that gRPC puts around what the connection failed of. */
function tidy(message: string): string {
  return message
    .replace(/^No connection established\. Last error: (Error: )?/, 'no connection: ')
    .replace(/\.?\s*Resolution note:\s*$/, '');
}
