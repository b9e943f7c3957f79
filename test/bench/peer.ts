import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LfwPair, lfwFolder, readPairs } from '../photos/lfw';
import { defaultModelPack } from '../photos/repository';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext } from './harness';
import { inProcessSource, platformSource, type TemplateSource } from './lfw/template-source';
import { accuracyAt, bestThreshold, cosine, type Likeness, scoredPairs } from './lfw/verification';
import { HumanSource } from './peer/human-source';
import { median, rounded } from './statistics';

const GOAL = { timesFaster: 5 } as const;
/** Photos that one side gets before the other has its turn, so that a change of the machine's speed meets both. */
const TURN = 60;
const AT_ONCE = 8;
/** Pairs of each list, half of them of one person. */
const PAIRS = { pairsDevTrain: 300, pairsDevTest: 300 } as const;
const PHOTOS_TO_WARM_UP = 6;

export const benchmark: Benchmark = {
  name: 'peer',
  goal:
    `at least ${GOAL.timesFaster} times the photos a second of @vladmandic/human (WASM; face, mesh, description) at ` +
    'equal or better LFW accuracy (--in-process leaves the platform out)',
  async run(context) {
    const folder = lfwFolder(process.env['LFW_DIR']);
    const manifest = defaultModelPack();
    const inProcess = context.args.includes('--in-process');
    const mien = await (inProcess ? inProcessSource(manifest) : platformSource(manifest));
    const human = await HumanSource.open();
    try {
      return await compare(folder, mien, human, context);
    } finally {
      human.close();
      await mien.close();
    }
  },
};

type Vectors = Map<string, number[]>;

async function compare(folder: string, mien: TemplateSource, human: HumanSource, context: BenchmarkContext) {
  const train = balanced(readPairs(folder, 'pairsDevTrain'), PAIRS.pairsDevTrain);
  const test = balanced(readPairs(folder, 'pairsDevTest'), PAIRS.pairsDevTest);
  const photos = [...new Set([...train, ...test].flatMap(({ a, b }) => [a, b]))];
  const vectors = { mien: new Map() as Vectors, human: new Map() as Vectors };
  const ways = {
    mien: (batch: readonly Photo[]) =>
      concurrently(batch, AT_ONCE, async ({ path, bytes }) => {
        keep(vectors.mien, path, (await mien.centralFace(bytes))?.template.vector);
      }),
    human: (batch: readonly Photo[]) =>
      concurrently(batch, 1, async ({ path, bytes }) => {
        keep(vectors.human, path, await human.centralDescriptor(bytes));
      }),
  };
  const warmUp = await read(folder, photos.slice(0, PHOTOS_TO_WARM_UP));
  await ways.mien(warmUp);
  await ways.human(warmUp);

  const turns: { mien: number; human: number }[] = [];
  for (let start = 0; start < photos.length; start += TURN) {
    const batch = await read(folder, photos.slice(start, start + TURN));
    const turn = {
      mien: await photosPerSecond(batch, ways.mien),
      human: await photosPerSecond(batch, ways.human),
    };
    turns.push(turn);
    context.print(
      `turn ${turns.length}: mien ${turn.mien.toFixed(2)}, human ${turn.human.toFixed(2)} photos/s`,
    );
    context.progress('photos', Math.min(photos.length, start + TURN), photos.length);
  }
  const perSecond = {
    mien: median(turns.map((turn) => turn.mien)),
    human: median(turns.map((turn) => turn.human)),
  };
  const timesFaster = median(turns.map((turn) => turn.mien / turn.human));
  const accuracy = {
    mien: accuracyOf(likenessIn(vectors.mien, cosine), train, test),
    human: accuracyOf(
      likenessIn(vectors.human, (a, b) => human.similarity(a, b)),
      train,
      test,
    ),
  };
  for (const side of ['mien', 'human'] as const) {
    context.print(
      `${side}: ${perSecond[side].toFixed(2)} photos/s (median of the turns), accuracy ${accuracy[side].toFixed(4)} on ` +
        `${test.length} pairs, ${photos.length - vectors[side].size} of ${photos.length} photos without a face`,
    );
  }
  return {
    pass: timesFaster >= GOAL.timesFaster && accuracy.mien >= accuracy.human,
    figures: {
      photos: photos.length,
      photosPerSecond: rounded(perSecond.mien, 2),
      photosPerSecondHuman: rounded(perSecond.human, 2),
      timesFaster: rounded(timesFaster, 2),
      accuracy: rounded(accuracy.mien, 4),
      accuracyHuman: rounded(accuracy.human, 4),
    },
  };
}

interface Photo {
  readonly path: string;
  readonly bytes: Buffer;
}

function read(folder: string, paths: readonly string[]): Promise<Photo[]> {
  return Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(join(folder, path)) })));
}

/** Pairs of each kind, spread evenly over the list, which is in the order of the alphabet. */
function balanced(pairs: readonly LfwPair[], count: number): LfwPair[] {
  const ofKind = (kind: boolean): LfwPair[] => {
    const all = pairs.filter(({ same }) => same === kind);
    const every = all.length / (count / 2);
    return all.filter((_, index) => Math.floor((index + 1) / every) > Math.floor(index / every));
  };
  return [...ofKind(true), ...ofKind(false)];
}

async function photosPerSecond(
  photos: readonly Photo[],
  way: (photos: readonly Photo[]) => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  await way(photos);
  return (photos.length * 1000) / (performance.now() - started);
}

function keep(vectors: Vectors, photo: string, vector: number[] | undefined): void {
  if (vector !== undefined) {
    vectors.set(photo, vector);
  }
}

/** A photo without a face is like no other. */
function likenessIn(vectors: Vectors, compareVectors: (a: number[], b: number[]) => number): Likeness {
  return (a, b) => {
    const [first, second] = [vectors.get(a), vectors.get(b)];
    return first && second ? compareVectors(first, second) : -1;
  };
}

function accuracyOf(likeness: Likeness, train: readonly LfwPair[], test: readonly LfwPair[]): number {
  return accuracyAt(bestThreshold(scoredPairs(train, likeness)), scoredPairs(test, likeness));
}
