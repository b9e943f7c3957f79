import type { Stats } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Part } from './layers';
import type { Architecture } from './root-file-systems';

/** What must not be in an image that a service runs in: findings by kind, each a path, and why. */
export interface Contents {
  /** Unpacked bytes by part. */
  readonly bytes: Readonly<Record<Part, number>>;
  readonly files: number;
  readonly findings: readonly string[];
}

const USER = 65_532;
/** Where the service writes; and what Debian and the base's own user bring, which is on the root that is read-only. */
const WRITABLE = ['/var/lib/mien', '/tmp', '/var/tmp', '/var/lock', '/home/nonroot'];
const SHELL_OR_PACKAGE_MANAGER =
  /^(ba|da|a|z|k)?sh$|^(busybox|env|apt(-get)?|dpkg|apk|npm|npx|pnpm|yarn|corepack|pip3?|curl|wget)$/;
const SOURCE = /\.map$|\.tsbuildinfo$|\.[cm]?ts$|\.test\.js$/;
const SECRET = /^\.?npmrc$|^\.env|^id_(rsa|ed25519)$|\.(key|nk|p12|pfx)$|^\.git(-credentials)?$/;
/** ELF: e_machine is the half word at 18. https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const ELF = 0x7f454c46;
const MACHINES: Readonly<Record<Architecture, number>> = { amd64: 62, arm64: 183 };

/** Looks at every file of an image's root. */
export async function inspect(root: string, architecture: Architecture): Promise<Contents> {
  const bytes = { base: 0, node: 0, models: 0, app: 0 };
  const findings: string[] = [];
  let files = 0;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(root.length);
    const stats = await lstat(file);
    if (entry.isFile()) {
      files += 1;
      bytes[partAt(path)] += stats.size;
    }
    findings.push(...(await wrongWith(path, stats, () => machineOf(file), architecture)));
  }
  return { bytes, files, findings };
}

async function wrongWith(
  path: string,
  stats: Stats,
  machine: () => Promise<number | undefined>,
  architecture: Architecture,
): Promise<string[]> {
  const name = basename(path);
  const wrong: string[] = [];
  if (!stats.isDirectory() && SHELL_OR_PACKAGE_MANAGER.test(name) && (stats.mode & 0o111) !== 0) {
    wrong.push(`a shell or package manager: ${path}`);
  }
  if (canWrite(stats) && !WRITABLE.some((folder) => path === folder || path.startsWith(`${folder}/`))) {
    wrong.push(`its user can write: ${path}`);
  }
  if (!stats.isFile()) {
    return wrong;
  }
  if ((stats.mode & 0o6000) !== 0) {
    wrong.push(`runs as its owner: ${path}`);
  }
  if (path.startsWith('/app/') && SOURCE.test(name)) {
    wrong.push(`source or map: ${path}`);
  }
  if (SECRET.test(name)) {
    wrong.push(`may hold a secret: ${path}`);
  }
  const found = await machine();
  if (found !== undefined && found !== MACHINES[architecture]) {
    wrong.push(`for another processor (${found}): ${path}`);
  }
  return wrong;
}

function canWrite(stats: Stats): boolean {
  const { mode, uid, gid } = stats;
  return (
    !stats.isSymbolicLink() &&
    ((mode & 0o002) !== 0 || (uid === USER && (mode & 0o200) !== 0) || (gid === USER && (mode & 0o020) !== 0))
  );
}

async function machineOf(file: string): Promise<number | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    return bytesRead === 20 && buffer.readUInt32BE(0) === ELF ? buffer.readUInt16LE(18) : undefined;
  } finally {
    await handle.close();
  }
}

function partAt(path: string): Part {
  if (path.startsWith('/app/')) {
    return 'app';
  }
  if (path.startsWith('/opt/mien/models/')) {
    return 'models';
  }
  return path === '/usr/local/bin/node' ? 'node' : 'base';
}
