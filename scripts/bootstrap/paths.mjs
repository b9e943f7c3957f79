import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Everything that the bootstrap makes or brings and that is not node_modules. Safe to delete. */
export const cache = join(root, '.mien');
