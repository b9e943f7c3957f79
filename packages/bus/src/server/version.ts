import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether the nats-server is of this minor version of 2 or a later one; no when it does not say. */
export async function isAtLeast(binary: string, minor: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version']);
    const [, first, second] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
    return Number(first) > 2 || (Number(first) === 2 && Number(second) >= minor);
  } catch {
    return false; // what is wrong with it shows when it is started
  }
}
