/**
 * Stand-ins for the images that the Dockerfile starts from, where no registry of images can be reached: the same names,
 * made of Debian's packages, which the true ones are made of too, and of the Node.js that npm has.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine';
import {
  ARCHITECTURES,
  type Architecture,
  fillNodeRoot,
  fillRuntimeRoot,
  NONROOT,
} from './root-file-systems';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes both, for both processors, unless the storage has them. Names are those of the Dockerfile's arguments. */
export async function makeBaseImages(engine: Engine, nodeImage: string, runtimeImage: string): Promise<void> {
  const version = /:(\d+\.\d+\.\d+)/.exec(nodeImage)?.[1] ?? '';
  await makeImage(engine, nodeImage, (root, architecture) => fillNodeRoot(root, architecture, version));
  await makeImage(engine, runtimeImage, fillRuntimeRoot, ['--user', String(NONROOT)]);
}

async function makeImage(
  engine: Engine,
  image: string,
  fill: (root: string, architecture: Architecture) => Promise<void>,
  settings: readonly string[] = [],
): Promise<void> {
  const there = await engine.buildah('images', '--quiet', image).catch(() => '');
  if (there !== '') {
    return;
  }
  await engine.buildah('manifest', 'create', image);
  for (const architecture of ARCHITECTURES) {
    const root = join(engine.folder, 'root');
    await rm(root, { recursive: true, force: true });
    await mkdir(root);
    await fill(root, architecture);
    const container = await engine.buildah('from', '--arch', architecture, 'scratch');
    await engine.buildah('add', '--quiet', container, root, '/');
    const platform = ['--os', 'linux', '--arch', architecture];
    await engine.buildah('config', ...platform, '--env', `PATH=${PATH}`, ...settings, container);
    const part = `localhost/part-${architecture}/${image}`;
    await engine.buildah('commit', '--quiet', '--rm', container, part);
    await engine.buildah('manifest', 'add', ...platform, image, `containers-storage:${part}`);
    await rm(root, { recursive: true, force: true });
  }
}
