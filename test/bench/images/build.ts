import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../../photos/repository';
import { command } from './command';
import type { Engine } from './engine';
import type { Architecture } from './root-file-systems';

const DOCKERFILE = join(repositoryRoot(), 'deploy', 'Dockerfile');

/** As deploy/docker-bake.hcl has them. */
export const IMAGES: Readonly<Record<string, 'baked' | 'manifest' | 'mounted'>> = {
  detector: 'baked',
  landmark: 'baked',
  attributes: 'baked',
  liveness: 'baked',
  embedder: 'baked',
  library: 'manifest',
  gateway: 'mounted',
  notifier: 'mounted',
  cli: 'mounted',
};

export function imageOf(service: string, architecture: Architecture): string {
  return `localhost/mien-${service}:${architecture}`;
}

/** Builds a service's image with the repository's Dockerfile. */
export async function buildImage(engine: Engine, service: string, architecture: Architecture): Promise<void> {
  const args = { SERVICE: service, MODELS: IMAGES[service] ?? 'mounted', DEVICE: 'cpu' };
  await buildStage(engine, { stage: 'service', image: imageOf(service, architecture), architecture, args });
}

/** Makes the model pack, which images share, and keeps it. */
export async function buildModels(engine: Engine, architecture: Architecture): Promise<void> {
  await buildStage(engine, { stage: 'models', image: 'localhost/mien-models', architecture, args: {} });
}

/** What was only a step on the way goes: it is many times as large as what came of it. */
export async function forgetSteps(engine: Engine): Promise<void> {
  await engine.buildah('rmi', '--prune');
}

/** What this machine runs. BuildKit tells a Dockerfile by itself; buildah 1.28 has to be told. */
export const OWN: Architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

async function buildStage(
  engine: Engine,
  {
    stage,
    image,
    architecture,
    args,
  }: {
    readonly stage: string;
    readonly image: string;
    readonly architecture: Architecture;
    readonly args: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const platforms = { BUILDPLATFORM: `linux/${OWN}`, TARGETPLATFORM: `linux/${architecture}` };
  await engine.buildah(
    'build',
    ...['--isolation', 'chroot', '--network', 'host'],
    // The stand-ins are taken, and steps that were done before are not done again.
    ...['--pull-never', '--layers'],
    // Health checks are no part of OCI's format.
    ...['--format', 'docker', '--platform', `linux/${architecture}`],
    ...(await clientSettings(engine)).flatMap((mount) => ['--volume', mount]),
    ...Object.entries({ ...args, ...platforms }).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]),
    ...['--target', stage, '--file', await dockerfile(engine)],
    ...['--ignorefile', `${DOCKERFILE}.dockerignore`],
    ...['--tag', image, repositoryRoot()],
  );
}

/** The repository's, with the processor in every FROM: buildah 1.28 takes the last that was named for those without. */
async function dockerfile(engine: Engine): Promise<string> {
  const file = join(engine.folder, 'Dockerfile');
  const text = await readFile(DOCKERFILE, 'utf8');
  await writeFile(file, text.replace(/^FROM (?=\$)/gm, 'FROM --platform=$$TARGETPLATFORM '));
  return file;
}

/** Where this machine's npm finds its registry, lent to the build from outside: nothing of it is in an image. */
async function clientSettings(engine: Engine): Promise<string[]> {
  const [registry, authorities] = await Promise.all([npmSetting('registry'), npmSetting('cafile')]);
  const file = join(engine.folder, 'npmrc');
  const lines = [`registry=${registry}`, ...(authorities === undefined ? [] : [`cafile=${authorities}`])];
  await writeFile(file, `${lines.join('\n')}\n`);
  const mounts = [`${file}:/root/.npmrc:ro`];
  return authorities === undefined ? mounts : [...mounts, `${authorities}:${authorities}:ro`];
}

async function npmSetting(name: string): Promise<string | undefined> {
  const value = await command('npm', ['config', 'get', name]);
  return value === 'null' || value === 'undefined' ? undefined : value;
}
