import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaceCandidates, MienClient } from '@mien/sdk';
import { type LfwPerson, lfwFolder, readPeople } from '../photos/lfw';
import { cutOut } from '../photos/single-faces';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { nearestToCentre } from './lfw/central-face';
import { mienUp } from './platform/mien-up';
import { rounded } from './statistics';

const GOAL = 0.985;
const GROUP = 'gallery';
const AT_ONCE = 6;
/** Scores at which false positives and misses are told. */
const SCORES = [30, 40, 50, 60, 70, 80, 90];

export const benchmark: Benchmark = {
  name: 'identify',
  goal:
    `one photo of each person of LFW with two or more enrolled, another searched: the right person first in ${GOAL} ` +
    'or more; and how often somebody who is not enrolled is taken for somebody who is, by score',
  async run(context) {
    const folder = lfwFolder(process.env['LFW_DIR']);
    const platform = await mienUp({ MIEN_LOG_LEVEL: 'error' });
    const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    try {
      return await measure(client, folder, context);
    } finally {
      client.close();
      await platform.stop();
    }
  },
};

/** Somebody who is searched for: the best candidate, if any. */
interface Probe {
  readonly person: string;
  readonly candidate: string | undefined;
  readonly score: number;
}

async function measure(client: MienClient, folder: string, context: BenchmarkContext): Promise<Outcome> {
  const people = readPeople(folder);
  const enrolled = people.filter(({ photos }) => photos.length > 1);
  const strangers = people.filter(({ photos }) => photos.length === 1);
  await client.library.createGroup({ id: GROUP, name: 'Gallery' });
  const refused = await enrol(client, folder, enrolled, context);
  const known = await search(client, folder, enrolled, 1, context);
  const unknown = await search(client, folder, strangers, 0, context);
  const right = known.filter(({ person, candidate }) => person === candidate).length;
  const rankOne = right / enrolled.length;
  context.print(
    `${enrolled.length} enrolled (${refused.length} refused), ${right} found first: ${(rankOne * 100).toFixed(2)} %`,
  );
  for (const { person, candidate, score } of known.filter((probe) => probe.person !== probe.candidate)) {
    context.print(`  ${nameOf(person)}: ${nameOf(candidate ?? '')} at ${score.toFixed(1)}`);
  }
  const table = SCORES.map((score) => atScore(score, known, unknown));
  context.print(`strangers searched: ${unknown.length}, in a gallery of ${enrolled.length} faces`);
  context.print('score   false positives   right person missed');
  for (const row of table) {
    context.print(
      `${String(row.score).padStart(5)}   ${(row.falsePositiveRate * 100).toFixed(2).padStart(13)} %   ` +
        `${(row.missRate * 100).toFixed(2).padStart(15)} %`,
    );
  }
  return {
    pass: rankOne >= GOAL,
    figures: {
      gallery: enrolled.length,
      rankOne: rounded(rankOne, 4),
      refused,
      strangers: unknown.length,
      openSet: table,
    },
  };
}

async function enrol(
  client: MienClient,
  folder: string,
  people: readonly LfwPerson[],
  { progress }: BenchmarkContext,
): Promise<string[]> {
  const refused: string[] = [];
  let done = 0;
  await concurrently(people, AT_ONCE, async ({ name, photos }) => {
    const photo = await ofNamedPerson(client, await readFile(join(folder, photos[0] ?? '')));
    await client.library
      .createPerson({ groupId: GROUP, id: idOf(name), name: 'A person' }, photo)
      .catch((error: unknown) => refused.push(`${name}: ${String(error)}`));
    progress('enrolled', ++done, people.length);
  });
  return refused;
}

async function search(
  client: MienClient,
  folder: string,
  people: readonly LfwPerson[],
  photoIndex: number,
  { progress }: BenchmarkContext,
): Promise<Probe[]> {
  let done = 0;
  return concurrently(people, AT_ONCE, async ({ name, photos }) => {
    const photo = await readFile(join(folder, photos[photoIndex] ?? ''));
    const settings = { maxFaces: 10, maxCandidates: 1 };
    const { results } = await client.library.search(photo, [GROUP], settings);
    progress(photoIndex === 0 ? 'strangers' : 'searched', ++done, people.length);
    return { person: idOf(name), ...bestOf(results) };
  });
}

/**
 * LFW names who is in the middle of the photo; enrolment takes the largest face. Where that is a bystander, the one in
 * the middle is cut out.
 */
async function ofNamedPerson(client: MienClient, photo: Buffer): Promise<Buffer> {
  const { faces, imageWidth, imageHeight } = await client.detect(photo);
  const boxes = faces.flatMap(({ box }) => box ?? []);
  const named = nearestToCentre(boxes, (box) => box);
  return named === undefined || named === boxes[0] ? photo : cutOut(photo, named, imageWidth, imageHeight);
}

/** What the face in the middle of the photo was taken for. */
function bestOf(results: readonly FaceCandidates[]): { candidate: string | undefined; score: number } {
  const boxed = results.flatMap(({ box, candidates }) => (box === undefined ? [] : [{ box, candidates }]));
  const best = nearestToCentre(boxed, ({ box }) => box)?.candidates[0];
  return { candidate: best?.personId, score: best?.score ?? 0 };
}

/** Names hold letters of many languages; ids don't. */
function idOf(name: string): string {
  return Buffer.from(name).toString('hex').slice(0, 64);
}

function nameOf(id: string): string {
  return Buffer.from(id, 'hex').toString();
}

/** ISO/IEC 19795-1: FPIR over probes without a mate, FNIR over those with one. */
function atScore(score: number, known: readonly Probe[], unknown: readonly Probe[]) {
  const falsePositives = unknown.filter((probe) => probe.candidate !== undefined && probe.score >= score);
  const hits = known.filter((probe) => probe.person === probe.candidate && probe.score >= score);
  return {
    score,
    falsePositiveRate: rounded(falsePositives.length / unknown.length, 4),
    missRate: rounded(1 - hits.length / known.length, 4),
  };
}
