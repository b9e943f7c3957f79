import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './paths.mjs';
import { capture, step } from './step.mjs';

/** As test/chart/tools/helm.ts has it, which builds it itself where the tests are run without this set-up. */
const HELM = 'helm.sh/helm/v3/cmd/helm@v3.19.5';
/** Building Helm takes some minutes of two cores, once; what is built until then is kept for the next time. */
const LIMIT_MS = 300_000;

const folder = join(cache, 'bin');

/** Brings what the tests of the Helm chart check it with; where that can't be had, they say that they were skipped. */
export async function provideChartTools() {
  mkdirSync(folder, { recursive: true });
  if (isThere('go') && !existsSync(join(folder, 'helm'))) {
    await provide('helm for tests', () =>
      capture('go', ['install', HELM], { env: { GOBIN: folder }, timeoutMs: LIMIT_MS }),
    );
  }
  if (!isThere('promtool')) {
    await provide('promtool for tests', takePromtoolFromDebian);
  }
}

function provide(name, bring) {
  return step(name, () =>
    bring().then(
      () => undefined,
      () => 'not available, its tests are skipped',
    ),
  );
}

function isThere(program) {
  return [folder, ...(process.env.PATH ?? '').split(delimiter)].some((place) =>
    existsSync(join(place, program)),
  );
}

/** Unpacks the package without installing it, so that no Prometheus is started. */
async function takePromtoolFromDebian() {
  const unpacked = mkdtempSync(join(cache, 'debian-'));
  try {
    await capture('apt-get', ['download', 'prometheus'], { cwd: unpacked }).catch(async () => {
      await capture('apt-get', ['update']);
      await capture('apt-get', ['download', 'prometheus'], { cwd: unpacked });
    });
    const [archive] = readdirSync(unpacked).filter((name) => name.endsWith('.deb'));
    await capture('dpkg-deb', ['-x', archive, '.'], { cwd: unpacked });
    copyFileSync(join(unpacked, 'usr', 'bin', 'promtool'), join(folder, 'promtool'));
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}
