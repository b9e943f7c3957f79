import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDockerfile } from '../chart/images/dockerfile';
import { repositoryRoot } from '../photos/repository';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { makeBaseImages } from './images/base-images';
import { buildImage, buildModels, forgetSteps, IMAGES, imageOf, OWN } from './images/build';
import { type Contents, inspect } from './images/contents';
import { Engine } from './images/engine';
import { type Layer, layersOf, PARTS, type Part } from './images/layers';
import { ARCHITECTURES, type Architecture } from './images/root-file-systems';
import { runImages } from './images/run';

export const benchmark: Benchmark = {
  name: 'images',
  goal: 'every image builds for amd64 and arm64, holds nothing it should not, and runs confined, one photo through all',
  run,
};

async function run(context: BenchmarkContext): Promise<Outcome> {
  const missing = await Engine.missing();
  if (missing !== undefined) {
    context.print(`skipped: ${missing}`);
    return { pass: false, figures: { skipped: true } };
  }
  const kept = context.args.find((arg) => arg.startsWith('--folder='))?.slice('--folder='.length);
  const engine = await Engine.open(
    kept === undefined ? await mkdtemp(join(tmpdir(), 'mien-images-')) : resolve(kept),
  );
  try {
    return await measure(engine, context);
  } finally {
    if (kept === undefined) {
      await engine.remove();
    }
  }
}

async function measure(engine: Engine, context: BenchmarkContext): Promise<Outcome> {
  const started = performance.now();
  const [nodeImage = '', runtimeImage = ''] = ['built', 'runtime-cpu'].map(
    (name) => readDockerfile(DOCKERFILE).find((stage) => stage.name === name)?.base ?? '',
  );
  await makeBaseImages(engine, nodeImage, runtimeImage);
  context.print(`stand-ins for ${nodeImage} and ${runtimeImage} are there`);
  const images = await buildAll(engine, context);
  const buildSeconds = Math.round((performance.now() - started) / 1_000);
  const findings = images.flatMap(({ contents }) => contents.findings);
  const ran: Outcome[] = [];
  for (const architecture of new Set(images.map((image) => image.architecture))) {
    const ones = images.filter((image) => image.architecture === architecture);
    const byService = new Map(ones.map(({ service, image }) => [service, image]));
    ran.push(await runImages(engine, architecture, byService, context.print));
  }
  return {
    pass: findings.length === 0 && ran.every(({ pass }) => pass),
    figures: {
      images: images.length,
      findings: findings.length,
      ran: ran.map(({ figures }) => figures),
      buildSeconds,
    },
  };
}

const DOCKERFILE = join(repositoryRoot(), 'deploy', 'Dockerfile');

interface Built {
  readonly service: string;
  readonly architecture: Architecture;
  readonly image: string;
  readonly contents: Contents;
}

async function buildAll(engine: Engine, { args, print, progress }: BenchmarkContext): Promise<Built[]> {
  const services = chosen(args, 'services', Object.keys(IMAGES));
  const architectures = chosen(args, 'architectures', ARCHITECTURES);
  const built: Built[] = [];
  const blobs = new Map<string, number>();
  if (!args.includes('--built')) {
    await buildModels(engine, OWN);
  }
  print('MiB unpacked (compressed)');
  print(['image'.padEnd(18), ...[...PARTS, 'all'].map((part) => part.padStart(13))].join(''));
  for (const service of services) {
    for (const architecture of architectures) {
      const image = imageOf(service, architecture);
      if (!args.includes('--built')) {
        await buildImage(engine, service, architecture);
      }
      const contents = await engine.mounted(image, (root) => inspect(root, architecture));
      const layers = await layersOf(engine, image);
      for (const { digest, bytes } of layers) {
        blobs.set(digest, bytes);
      }
      print(`${`${service} ${architecture}`.padEnd(18)}${cells(contents, layers)}`);
      for (const finding of contents.findings) {
        print(`  ${finding}`);
      }
      built.push({ service, architecture, image, contents });
      progress('built', built.length, services.length * architectures.length);
    }
    await forgetSteps(engine);
  }
  print(`all of them in a registry: ${mebibytes(sum([...blobs.values()]))} MiB, layers that they share once`);
  return built;
}

/** `--name=a,b` of the command line. */
function chosen<T extends string>(args: readonly string[], name: string, all: readonly T[]): readonly T[] {
  const given = args
    .find((arg) => arg.startsWith(`--${name}=`))
    ?.split('=')[1]
    ?.split(',');
  return given === undefined ? all : all.filter((one) => given.includes(one));
}

function cells(contents: Contents, layers: readonly Layer[]): string {
  const compressed = (part: Part) =>
    sum(layers.filter((layer) => layer.part === part).map(({ bytes }) => bytes));
  return [
    ...PARTS.map((part) => cell(contents.bytes[part], compressed(part))),
    cell(sum(Object.values(contents.bytes)), sum(layers.map(({ bytes }) => bytes))),
  ].join('');
}

function cell(unpacked: number, compressed: number): string {
  return `${mebibytes(unpacked)} (${mebibytes(compressed)})`.padStart(13);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
