import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../photos/repository';

const run = promisify(execFile);

/** Where the set-up keeps what it builds. */
const BINARIES = join(repositoryRoot(), '.mien', 'bin');
/** A first build on two cores. */
const BUILD_MS = 900_000;

/**
 * Whether what the chart is checked with can be had: Go, and the Helm that the set-up has built with it. A first build may
 * take longer than a test.
 */
export function goIsThere(): boolean {
  return onPath('go') !== undefined && onPath('helm') !== undefined;
}

/** A program on the PATH, or in the folder that the set-up keeps its own in. */
export function onPath(name: string): string | undefined {
  const folders = [BINARIES, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

/**
 * A program built from a Go module, once: `helm.sh/helm/v3/cmd/helm@v3.19.5`. Test files that run at the same time wait
 * for the first one's build, where the system has flock(1).
 */
export async function goProgram(name: string, source: string): Promise<string> {
  const built = join(BINARIES, name);
  if (!existsSync(built)) {
    await mkdir(BINARIES, { recursive: true });
    const install = ['go', 'install', source];
    const [command = '', ...args] =
      onPath('flock') === undefined ? install : ['flock', join(BINARIES, `${name}.lock`), ...install];
    await run(command, args, { env: { ...process.env, GOBIN: BINARIES }, timeout: BUILD_MS });
  }
  return built;
}

/** The folder of a Go module's source, of which nothing is built. */
export async function goModule(module: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', module], {
    // Without a module of our own: the version is said here.
    cwd: '/',
    timeout: BUILD_MS,
  });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
