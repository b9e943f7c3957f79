import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../photos/repository';
import { SERVICES } from './environment/services';
import { lineage, readDockerfile } from './images/dockerfile';

const FILE = join(repositoryRoot(), 'deploy', 'Dockerfile');
const BAKE = readFileSync(join(repositoryRoot(), 'deploy', 'docker-bake.hcl'), 'utf8');
const VARIANTS = [
  { DEVICE: 'cpu', MODELS: 'baked' },
  { DEVICE: 'cpu', MODELS: 'manifest' },
  { DEVICE: 'cpu', MODELS: 'mounted' },
  { DEVICE: 'gpu', MODELS: 'baked' },
];

describe.each(VARIANTS)('the image with $DEVICE and models $MODELS', (args) => {
  const stages = readDockerfile(FILE, args);
  const final = lineage(stages, 'service');
  const instructions = final.flatMap((stage) => stage.instructions);
  const last = (name: string) => final[0]?.instructions.findLast((one) => one.name === name)?.text;

  it('stands on an image without shell or package manager, and runs nothing to get one', () => {
    expect(final.at(-1)?.base).toMatch(/^gcr\.io\/distroless\/cc-debian12:nonroot$/);
    expect(instructions.filter(({ name }) => name === 'RUN')).toEqual([]);
  });

  it('runs as a user by number who is not root, and can not change itself', () => {
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const owned = instructions.filter(({ name, text }) => name === 'COPY' && text.includes('--chown'));
    expect(owned.map(({ text }) => text.split(' ').at(-1))).toEqual(['/var/lib/mien/']);
  });

  it('tells whether it is well, with what is in it', () => {
    expect(last('HEALTHCHECK')).toContain('/app/healthcheck.mjs');
  });

  it('has models, CUDA, or neither, as it is told', () => {
    const copied = instructions.filter(({ name }) => name === 'COPY').map(({ text }) => text);
    expect(copied.some((text) => text.includes('--from=models'))).toBe(args.MODELS === 'baked');
    expect(copied.some((text) => text.includes('--from=cuda'))).toBe(args.DEVICE === 'gpu');
  });

  it('is made from images of one version, and copies only from stages that there are', () => {
    const names = stages.map(({ name }) => name);
    const images = stages.map(({ base }) => base).filter((base) => !names.includes(base));
    expect(images.filter((image) => !/:[\w.-]+$/.test(image) || image.endsWith(':latest'))).toEqual([]);
    const sources = stages.flatMap((stage) =>
      stage.instructions.flatMap(({ text }) => /--from=(\S+)/.exec(text)?.[1] ?? []),
    );
    expect(sources.filter((source) => !names.includes(source))).toEqual([]);
  });

  it('runs nothing on a processor that would have to be emulated', () => {
    const running = stages.filter(({ instructions: all }) => all.some(({ name }) => name === 'RUN'));
    expect(running.map(({ platform }) => platform)).toEqual(running.map(() => '$BUILDPLATFORM'));
  });

  it('copies files that there are', () => {
    const copies = stages.flatMap(({ instructions: all }) => all.filter(({ name }) => name === 'COPY'));
    const paths = copies
      .filter(({ text }) => !text.includes('--from='))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(paths.filter((path) => !existsSync(join(repositoryRoot(), path)))).toEqual([]);
  });
});

describe('docker-bake.hcl', () => {
  it('builds every service', () => {
    const built = [...BAKE.matchAll(/service = \[([^\]]+)\]/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/"([\w-]+)"/g)].map(([, name]) => name),
    );
    expect([...new Set(built)].sort()).toEqual([...SERVICES, 'cli'].sort());
  });
});
