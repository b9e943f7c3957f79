import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN } from './build';
import type { Architecture } from './root-file-systems';

/** As Debian's qemu-user-static names them. */
const EMULATORS: Readonly<Record<Architecture, string>> = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' };

/**
 * Whether images for a processor can be started: this machine's own, or one that the kernel hands to an emulator which it
 * opened beforehand (flag F), as there is none in the image.
 * https://docs.kernel.org/admin-guide/binfmt-misc.html
 */
export async function runsHere(architecture: Architecture): Promise<boolean> {
  const entry = join('/proc/sys/fs/binfmt_misc', EMULATORS[architecture]);
  return architecture === OWN || /^flags: \w*F/m.test(await readFile(entry, 'utf8').catch(() => ''));
}
