import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './paths.mjs';
import { capture, step } from './step.mjs';

const INPUTS = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'package.json'];

/** Installs what the lock file says, unless that has been done already. */
export async function installDependencies(pnpm) {
  const stamp = join(cache, 'installed');
  const wanted = fingerprint();
  const done =
    existsSync(join(root, 'node_modules')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (done) {
    return;
  }
  await step('dependencies', async () => {
    await capture(pnpm.command, [...pnpm.args, 'install', '--frozen-lockfile'], {
      cwd: root,
      env: { CI: 'true' },
      advice:
        'If the lock file does not fit a package.json, run `pnpm install`; otherwise check the registry and the network.',
    });
  });
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  for (const file of INPUTS) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
