import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MienError } from '@mien/errors';

export interface BinarySearch {
  /** Set by the operator (MIEN_NATS_SERVER): taken or refused, nothing else is tried. */
  readonly explicit?: string | undefined;
  /** The PATH to search. */
  readonly path?: string | undefined;
  /** Folders to look in after that, such as the repository's own .mien/bin. */
  readonly folders?: readonly string[] | undefined;
}

/** The nats-server to run. Throws CONFIGURATION_INVALID saying where it was looked for. */
export function findNatsServer(search: BinarySearch): string {
  if (search.explicit !== undefined && search.explicit !== '') {
    if (isExecutable(search.explicit)) {
      return search.explicit;
    }
    throw new MienError(
      'CONFIGURATION_INVALID',
      `MIEN_NATS_SERVER is ${search.explicit}, which can't be run`,
    );
  }
  const folders = [...(search.path ?? '').split(delimiter), '/usr/sbin', ...(search.folders ?? [])];
  const found = folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nats-server'))
    .find(isExecutable);
  if (found === undefined) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      'no nats-server found: install it (Debian: apt-get install nats-server) or set MIEN_NATS_SERVER to its path',
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
