import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './paths.mjs';
import { capture, StepError, step } from './step.mjs';

const GO_MODULE = 'github.com/nats-io/nats-server/v2@v2.14.9';
/** The oldest server whose JetStream the bus was tested with. */
const MINIMUM = [2, 9];
const ADVICE = 'Install nats-server 2.9 or newer (https://docs.nats.io) or set MIEN_NATS_SERVER to its path.';

/** Path of a nats-server: the one that is there, else built with Go, else taken from Debian's package. */
export async function provideNatsServer() {
  const own = join(cache, 'bin', 'nats-server');
  for (const candidate of [process.env.MIEN_NATS_SERVER, own, ...onPath()]) {
    if (candidate !== undefined && (await isUsable(candidate))) {
      return candidate;
    }
  }
  mkdirSync(join(cache, 'bin'), { recursive: true });
  await step('nats-server', async () => {
    for (const provide of [buildWithGo, takeFromDebian]) {
      if ((await provide(own).catch(() => false)) && (await isUsable(own))) {
        return;
      }
    }
    throw new StepError('no nats-server was found, and none could be installed', ADVICE);
  });
  return own;
}

/** Debian puts servers where only root's PATH looks. */
function onPath() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'nats-server')).filter((file) => existsSync(file));
}

async function isUsable(binary) {
  const printed = await capture(binary, ['--version']).catch(() => '');
  const [, major = '0', minor = '0'] = /v(\d+)\.(\d+)/.exec(printed) ?? [];
  return Number(major) > MINIMUM[0] || (Number(major) === MINIMUM[0] && Number(minor) >= MINIMUM[1]);
}

async function buildWithGo() {
  await capture('go', ['install', GO_MODULE], { env: { GOBIN: join(cache, 'bin') } });
  return true;
}

/** Unpacks the package without installing it, so that no service is started and root is not needed. */
async function takeFromDebian(target) {
  const folder = mkdtempSync(join(cache, 'debian-'));
  try {
    await capture('apt-get', ['download', 'nats-server'], { cwd: folder }).catch(async () => {
      await capture('apt-get', ['update']);
      await capture('apt-get', ['download', 'nats-server'], { cwd: folder });
    });
    const [archive] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await capture('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: folder });
    const binary = ['usr/bin', 'usr/sbin']
      .map((path) => join(folder, 'unpacked', path, 'nats-server'))
      .find(existsSync);
    copyFileSync(binary, target);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
