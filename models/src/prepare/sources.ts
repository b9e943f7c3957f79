import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ModelEntry } from '../manifest';
import { PreparationError } from './errors';

/** Reads the files that a model is made from out of its installed npm package, checking version and hashes. */
export function readSources({ source }: ModelEntry): Uint8Array[] {
  const directory = packageDirectory(source.package, source.version);
  return source.files.map(({ path, sha256 }) => {
    const bytes = readFileSync(join(directory, path));
    if (sha256Of(bytes) !== sha256) {
      throw new PreparationError(
        'source-changed',
        `${path} of ${source.package} is not the file that this pack is made from: reinstall the package`,
      );
    }
    return bytes;
  });
}

function packageDirectory(name: string, version: string): string {
  const manifest = resolvePackage(name);
  const installed = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(manifest, 'utf8'))).version;
  if (installed !== version) {
    throw new PreparationError('source-changed', `${name} ${installed} is installed, ${version} is needed`);
  }
  return dirname(manifest);
}

function resolvePackage(name: string): string {
  try {
    return require.resolve(`${name}/package.json`);
  } catch {
    throw new PreparationError('source-missing', `${name} is not installed: run "pnpm install" first`);
  }
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
