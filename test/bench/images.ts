import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MienClient } from '@mien/sdk';
import { readDockerfile } from '../chart/images/dockerfile';
import { packagedPhotos } from '../photos/packaged';
import { repositoryRoot } from '../photos/repository';
import { singleFaces } from '../photos/single-faces';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { makeBaseImages } from './images/base-images';
import { buildImage, buildModels, forgetSteps, IMAGES, imageOf, OWN } from './images/build';
import { type Contents, inspect } from './images/contents';
import { Engine } from './images/engine';
import { type Layer, layersOf, PARTS, type Part } from './images/layers';
import { runsHere } from './images/processors';
import { Release, SERVICES } from './images/release';
import { ARCHITECTURES, type Architecture } from './images/root-file-systems';

const ALL_FEATURES = {
  landmarks: true,
  mesh: true,
  quality: true,
  attributes: true,
  liveness: true,
  template: true,
};
const GROUP = 'images';
/** Tries what a service must not be able to do; prints what it is, and where it could write. */
const CONFINEMENT = `
const { writeFileSync, readFileSync } = require('node:fs');
const places = ['/', '/app', '/app/service', '/opt', '/etc', '/home/nonroot', '/usr/local/bin', '/tmp', '/var/lib/mien'];
const written = places.filter((place) => { try { writeFileSync(place + '/probe', ''); return true; } catch { return false; } });
const status = readFileSync('/proc/self/status', 'utf8');
const capabilities = /CapBnd:\\s+0+\\n/.test(status) ? 'none' : 'some';
console.log(JSON.stringify({ uid: process.getuid(), written, capabilities }));
`;
const CONFINED = JSON.stringify({ uid: 65_532, written: ['/tmp', '/var/lib/mien'], capabilities: 'none' });

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
    ran.push(await runAll(engine, images, architecture, context));
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

async function runAll(
  engine: Engine,
  built: readonly Built[],
  architecture: Architecture,
  { print }: BenchmarkContext,
): Promise<Outcome> {
  const ones = built.filter((image) => image.architecture === architecture);
  if (ones.length < Object.keys(IMAGES).length) {
    print(`${architecture} not run: that needs an image of every service`);
    return { pass: true, figures: { architecture, ran: false } };
  }
  if (!(await runsHere(architecture))) {
    print(`${architecture} not run: this machine has no emulator of it that containers can use`);
    return { pass: true, figures: { architecture, ran: false } };
  }
  print(`the platform from the images of ${architecture}${architecture === OWN ? '' : ', emulated'}`);
  const images = new Map(ones.map(({ service, image }) => [service, image]));
  const release = await Release.start(engine, images);
  let confined = 0;
  let faces = 0;
  let found = 0;
  try {
    for (const [service, container] of release.containers) {
      const is = await container.evaluate(CONFINEMENT);
      const shell = await container.has('sh');
      confined += is === CONFINED && !shell ? 1 : 0;
      const seconds = ((release.startedMs.get(service) ?? Number.NaN) / 1_000).toFixed(1);
      print(`${service.padEnd(12)} healthy after ${seconds} s, ${is}${shell ? ', has a shell' : ''}`);
    }
    ({ faces, found } = await detectAndFind(release));
    print(`through the gateway: ${faces} faces with all features, ${found} person found again`);
  } finally {
    const codes = await release.stop();
    print(`exit codes on SIGTERM: ${[...codes].map(([service, code]) => `${service} ${code}`).join(', ')}`);
    confined -= [...codes.values()].filter((code) => code !== 0).length;
  }
  return {
    pass: confined === SERVICES.length && faces === packagedPhotos()[0]?.people && found === 1,
    figures: { architecture, services: SERVICES.length, confined, faces, found },
  };
}

/** One photo with all that stages tell, and one of its people in the library. */
async function detectAndFind({ grpcAddress, apiKey }: Release): Promise<{ faces: number; found: number }> {
  const client = new MienClient(grpcAddress, { apiKey, timeoutMs: 600_000 });
  try {
    const photo = readFileSync(packagedPhotos()[0]?.path ?? '');
    const { faces } = await client.detect(photo, { features: ALL_FEATURES });
    const complete = faces.filter(
      ({ landmarks, quality, attributes, liveness, template }) =>
        landmarks && quality && attributes && liveness && template,
    );
    await client.library.createGroup({ id: GROUP, name: 'Images' });
    const [face = photo] = await singleFaces(client);
    await client.library.createPerson({ id: 'first', groupId: GROUP, name: 'First' }, face);
    const { results } = await client.library.search(photo, [GROUP]);
    const hits = results.filter(({ candidates }) => candidates[0]?.personId === 'first');
    return { faces: complete.length, found: hits.length };
  } finally {
    client.close();
  }
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
