import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MienError } from '@mien/errors';
import { type Command, Option } from 'commander';

/** The key that a command shows the gateway. */
export interface KeyFlags {
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
}

/** Adds the options of the key. A key given on the command line is seen by whoever lists processes: files are better. */
export function withApiKey(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--api-key-file <file>',
        'holds the key to show; that of a platform of this machine if it can be read',
      ).env('MIEN_API_KEY_FILE'),
    )
    .addOption(new Option('--api-key <key>', 'the key itself').env('MIEN_API_KEY'));
}

/** For the client; nothing where there is none. Throws CONFIGURATION_INVALID for a file that can't be read. */
export function apiKeyOf({ apiKey, apiKeyFile }: KeyFlags, address: string): { apiKey?: string } {
  if (apiKey !== undefined) {
    return { apiKey };
  }
  if (apiKeyFile !== undefined) {
    return { apiKey: keyIn(apiKeyFile) };
  }
  return LOOPBACK.test(address) ? ownKey() : {};
}

/** The admin key of this machine is for this machine only. */
const LOOPBACK = /^(127\.[\d.]+|localhost|\[::1\]):\d+$/;

function ownKey(): { apiKey?: string } {
  try {
    return { apiKey: keyIn(join(process.env['MIEN_DATA_DIR'] ?? '.mien/data', 'admin.key')) };
  } catch {
    return {};
  }
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', `the key in ${file} can not be read`, { cause: error });
  }
}
