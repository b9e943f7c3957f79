import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKeyText, writeKeyText } from '@mien/access';
import { MienError } from '@mien/errors';
import type { GatewayConfig } from '@mien/gateway';

/**
 * The file of the first admin key: the one that is named, else one in the data folder, which is made the first time and
 * only its owner can read. Undefined where no keys are asked for. Throws CONFIGURATION_INVALID.
 */
export async function provideAdminKey(
  { access }: GatewayConfig,
  dataDir: string,
): Promise<string | undefined> {
  if (access.auth === 'none' || access.adminKeyFile !== undefined) {
    return access.adminKeyFile;
  }
  const file = join(dataDir, 'admin.key');
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(file, `${writeKeyText(newKeyText())}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(await isReadable(file))) {
      throw new MienError('CONFIGURATION_INVALID', `the admin key can not be kept in ${file}`, {
        cause: error,
      });
    }
  }
  return file;
}

async function isReadable(file: string): Promise<boolean> {
  try {
    await readFile(file);
    return true;
  } catch {
    return false;
  }
}
