import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { command, isInstalled } from './command';

const PROGRAMS = ['buildah', 'podman', 'crun', 'mmdebstrap', 'dpkg-deb', 'apt-get', 'npm', 'unshare'];
/** Where a machine has both versions of control groups, crun runs only without a sight of the second. */
const SECOND_CGROUPS = '/sys/fs/cgroup/unified';

/** buildah and podman over a storage of their own: nothing of this machine's images is seen or changed. */
export class Engine {
  private constructor(
    readonly folder: string,
    private readonly storage: readonly string[],
  ) {}

  /** Why images can't be built here; undefined where they can. */
  static async missing(): Promise<string | undefined> {
    if (getuid?.() !== 0) {
      return 'only root makes root file systems';
    }
    const there = await Promise.all(PROGRAMS.map(isInstalled));
    const missing = PROGRAMS.filter((_, index) => there[index] !== true);
    return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
  }

  static async open(folder: string): Promise<Engine> {
    await mkdir(join(folder, 'tmp'), { recursive: true });
    // Users of containers have to get through to what is mounted from here.
    await chmod(folder, 0o755);
    const overlay = (await readFile('/proc/filesystems', 'utf8')).includes('\toverlay\n');
    const root = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
    const engine = new Engine(folder, [...root, '--storage-driver', overlay ? 'overlay' : 'vfs']);
    // Of a run that was interrupted.
    await engine.buildah('rm', '--all');
    return engine;
  }

  buildah(...args: readonly string[]): Promise<string> {
    return command('buildah', [...this.storage, ...args], { env: this.environment });
  }

  podman(...args: readonly string[]): Promise<string> {
    const [file, all] = this.podmanCommand(args);
    return command(file, all, { env: this.environment });
  }

  /** The command for a process that stays. */
  podmanCommand(args: readonly string[]): [string, readonly string[]] {
    const own = [
      '--tmpdir',
      join(this.folder, 'podman'),
      '--cgroup-manager',
      'cgroupfs',
      '--runtime',
      'crun',
    ];
    const podman = ['podman', ...this.storage, ...own, '--events-backend', 'none', ...args];
    const hide = existsSync(SECOND_CGROUPS) ? `umount ${SECOND_CGROUPS} && ` : '';
    return ['unshare', ['--mount', 'sh', '-c', `${hide}exec "$@"`, 'sh', ...podman]];
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, TMPDIR: join(this.folder, 'tmp') };
  }

  /** Has the image's files at hand while `work` looks at them. */
  async mounted<T>(image: string, work: (root: string) => Promise<T>): Promise<T> {
    const container = await this.buildah('from', '--pull-never', image);
    try {
      return await work(await this.buildah('mount', container));
    } finally {
      await this.buildah('rm', container);
    }
  }

  async remove(): Promise<void> {
    // The storage of overlays is a mount of its own.
    await command('umount', [join(this.folder, 'storage', 'overlay')]).catch(() => '');
    await rm(this.folder, { recursive: true, force: true });
  }
}
