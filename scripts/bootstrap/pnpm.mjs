import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './paths.mjs';
import { capture, step } from './step.mjs';

/** The command line that starts the pnpm version that package.json names, installed beside the project if need be. */
export async function providePnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = packageManager.split('@')[1];
  const home = join(cache, 'tools', `pnpm-${version}`);
  const entry = join(home, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  if (!existsSync(entry)) {
    await step(`pnpm ${version}`, async () => {
      await capture(
        'npm',
        ['install', '--prefix', home, '--no-audit', '--no-fund', '--ignore-scripts', `pnpm@${version}`],
        {
          advice:
            'npm could not reach its registry. Check `npm config get registry` and the network, then try again.',
        },
      );
    });
  }
  return { command: process.execPath, args: [entry] };
}
