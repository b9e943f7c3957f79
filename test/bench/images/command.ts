import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** pnpm and tsc say much. */
const OUTPUT_MAX_BYTES = 256 * 1024 * 1024;

/** Runs a program to its end, below everything else in priority. Returns what it printed; throws with its last lines. */
export async function command(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const { stdout } = await execute('nice', ['-n', '10', file, ...args], {
      ...options,
      maxBuffer: OUTPUT_MAX_BYTES,
    });
    return stdout.trim();
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${file} ${args.slice(0, 12).join(' ')}: ${last}`, { cause: error });
  }
}

export async function isInstalled(program: string): Promise<boolean> {
  return command('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}
