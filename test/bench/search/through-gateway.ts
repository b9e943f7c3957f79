import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraryModel } from '@mien/library';
import { MienClient, type Template } from '@mien/sdk';
import { defaultModelPack } from '../../photos/repository';
import { singleFaces, variant } from '../../photos/single-faces';
import { fillLibrary, keptLibrary, PLANTED_GROUP } from '../duplicates/planted-library';
import { planOf } from '../duplicates/planted-persons';
import type { BenchmarkContext, Outcome } from '../harness';
import { mienUp } from '../platform/mien-up';
import { latencyOf } from './measurements';

const FACES = 100_000;
const SMALL = 5_000;
const DUPLICATES_SHARE = 0.01;
const TURNS = 200;
const TOP = 5;
/** Another picture of those who were enrolled. */
const SEARCHED_VARIANT = 3;

/**
 * A photo in, the five likest of all who are enrolled out, through gateway, bus, models and library; the same search
 * with a template in place of the photo tells what of that is searching.
 */
export async function measureThroughGateway(context: BenchmarkContext): Promise<Outcome> {
  const faces = context.args.includes('--small') ? SMALL : FACES;
  const kept = keptLibrary(context.args);
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'mien-search-')));
  const { version } = libraryModel(defaultModelPack(), []);
  await fillLibrary(dataDir, planOf(faces, faces * DUPLICATES_SHARE), version, context);
  const started = performance.now();
  const platform = await mienUp({ MIEN_LOG_LEVEL: 'error' }, dataDir);
  const startSeconds = (performance.now() - started) / 1_000;
  const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
  try {
    return await measure(client, startSeconds, context);
  } finally {
    client.close();
    await platform.stop();
    if (kept === undefined) {
      await rm(dataDir, { recursive: true, force: true });
    }
  }
}

interface Probe {
  readonly personId: string;
  readonly photo: Buffer;
  readonly template: Template;
}

async function measure(
  client: MienClient,
  startSeconds: number,
  { print, progress }: BenchmarkContext,
): Promise<Outcome> {
  const probes = await enrolProbes(client);
  const times = { photo: [] as number[], template: [] as number[], detect: [] as number[] };
  let [right, searchedFaces] = [0, 0];
  for (let turn = 0; turn < TURNS; turn++) {
    const probe = probes[turn % probes.length];
    if (probe === undefined) {
      continue;
    }
    const { photo, template, personId } = probe;
    const settings = { maxCandidates: TOP };
    times.detect.push(await timed(() => client.detect(photo, { features: { template: true } })));
    times.template.push(await timed(() => client.library.search(template, [PLANTED_GROUP], settings)));
    const began = performance.now();
    const found = await client.library.search(photo, [PLANTED_GROUP], settings);
    times.photo.push(performance.now() - began);
    right += found.results[0]?.candidates[0]?.personId === personId ? 1 : 0;
    searchedFaces = found.searchedFaces;
    progress('searches through the gateway', turn + 1, TURNS);
  }
  const [photo, template, detect] = [times.photo, times.template, times.detect].map(latencyOf);
  const searchShare = (template?.p50Ms ?? 0) / (photo?.p50Ms ?? 1);
  print(
    `top ${TOP} of ${searchedFaces} faces: photo p50 ${photo?.p50Ms} ms, p99 ${photo?.p99Ms} ms; with a template ` +
      `p50 ${template?.p50Ms} ms, p99 ${template?.p99Ms} ms (${(searchShare * 100).toFixed(0)} %); the template alone ` +
      `p50 ${detect?.p50Ms} ms; right person first in ${right} of ${TURNS}; up within ${startSeconds.toFixed(1)} s`,
  );
  const figures = {
    faces: searchedFaces,
    photo,
    template,
    templateFromPhoto: detect,
    searchShare: Number(searchShare.toFixed(3)),
    rightFirst: right,
    searches: TURNS,
    startSeconds: Number(startSeconds.toFixed(1)),
  };
  return { pass: right === TURNS, figures };
}

/** The people of the packaged photos, enrolled among the others unless they are already. */
async function enrolProbes(client: MienClient): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const [number, picture] of (await singleFaces(client)).entries()) {
    const personId = `probe-${number}`;
    const person = { id: personId, groupId: PLANTED_GROUP, name: personId };
    await client.library.getPerson(personId).catch(() => client.library.createPerson(person, picture));
    const photo = await variant(picture, SEARCHED_VARIANT);
    const { faces } = await client.detect(photo, { features: { template: true } });
    const template = faces[0]?.template;
    if (template !== undefined) {
      probes.push({ personId, photo, template });
    }
  }
  return probes;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
