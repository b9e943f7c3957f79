import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the checkout that this file is in, whether it runs from source or from dist. */
export function repositoryRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'pnpm-workspace.yaml'))) {
    return from;
  }
  return repositoryRoot(dirname(from));
}

/** The model pack that the set-up prepares. */
export function defaultModelPack(): string {
  return join(repositoryRoot(), '.mien', 'models', 'default', 'manifest.json');
}
