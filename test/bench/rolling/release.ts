import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../photos/repository';

const run = promisify(execFile);

/** A built version of the platform. */
export interface Release {
  readonly name: string;
  /** The main file of a service. */
  mainOf(service: string): string;
}

/** The services are what the platform package depends on, not the benchmarks. */
const platformRequire = createRequire(require.resolve('@mien/platform'));

/** What is checked out here. */
export const THIS_RELEASE: Release = {
  name: 'this',
  mainOf: (service) => platformRequire.resolve(`@mien/${service}/dist/main.js`),
};

/** Builds the platform as it was at a commit, in the folder. Takes minutes. */
export async function buildRelease(commit: string, folder: string): Promise<Release> {
  const unpacking = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  const unpacked = once(unpacking, 'exit');
  const archive = spawn('git', ['archive', commit], {
    cwd: repositoryRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await pipeline(archive.stdout, unpacking.stdin);
  await unpacked;
  const settings = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  await run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline'], settings);
  // Contracts first: they are generated.
  await run(
    'pnpm',
    ['exec', 'turbo', 'run', 'build', '--filter=@mien/platform', '--concurrency=1'],
    settings,
  );
  return { name: commit, mainOf: (service) => join(folder, 'services', service, 'dist', 'main.js') };
}
