import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadPack } from '@mien/models';
import { scoreOf } from '@mien/vision';
import { lfwFolder, readPairs, readPeople } from '../photos/lfw';
import { defaultModelPack } from '../photos/repository';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { holdsCentre } from './lfw/central-face';
import { inProcessSource, platformSource, type TemplateSource } from './lfw/template-source';
import {
  accuracyAt,
  bestThreshold,
  cosine,
  crossPairs,
  type Likeness,
  photosOfPairs,
  scoredPairs,
} from './lfw/verification';
import { rounded } from './statistics';

const GOAL = { accuracy: 0.993, falseAcceptRate: 1e-3, genuineAccepted: 0.985 } as const;
/** The score that stands for a false-accept rate of 1e-3. */
const SCORE = 40;
const AT_ONCE = 6;

export const benchmark: Benchmark = {
  name: 'lfw',
  goal:
    `accuracy on pairsDevTest at the threshold of pairsDevTrain ${GOAL.accuracy} or better; at score ${SCORE} at most ` +
    `${GOAL.falseAcceptRate} of the test people's impostor pairs and at least ${GOAL.genuineAccepted} of the genuine ` +
    'pairs accepted; a face at the centre of every photo (--in-process leaves the platform out)',
  async run(context) {
    const folder = lfwFolder(process.env['LFW_DIR']);
    const manifest = defaultModelPack();
    const inProcess = context.args.includes('--in-process');
    const source = await (inProcess ? inProcessSource(manifest) : platformSource(manifest));
    try {
      return judge(folder, manifest, await readFaces(folder, source, context), context);
    } finally {
      await source.close();
    }
  },
};

interface Faces {
  readonly vectors: ReadonlyMap<string, Float32Array>;
  /** Photos without a face that holds their centre. */
  readonly missed: readonly string[];
}

async function readFaces(folder: string, source: TemplateSource, context: BenchmarkContext): Promise<Faces> {
  const photos = readPeople(folder).flatMap((person) => person.photos);
  const vectors = new Map<string, Float32Array>();
  const missed: string[] = [];
  let done = 0;
  const started = performance.now();
  await concurrently(photos, AT_ONCE, async (photo) => {
    const face = await source.centralFace(await readFile(join(folder, photo)));
    if (face === undefined || !holdsCentre(face.box)) {
      missed.push(photo);
    }
    if (face !== undefined) {
      vectors.set(photo, Float32Array.from(face.template.vector));
    }
    context.progress('photos', ++done, photos.length);
  });
  const perSecond = (photos.length * 1000) / (performance.now() - started);
  context.print(
    `${photos.length} photos, ${perSecond.toFixed(1)} a second; without a face at the centre: ${missed.length}`,
  );
  missed.forEach((photo) => {
    context.print(`  ${photo}`);
  });
  return { vectors, missed };
}

function judge(
  folder: string,
  manifest: string,
  { vectors, missed }: Faces,
  context: BenchmarkContext,
): Outcome {
  const likeness: Likeness = (a, b) => {
    const [first, second] = [vectors.get(a), vectors.get(b)];
    // A photo without a face is as different from all others as can be.
    return first && second ? cosine(first, second) : -1;
  };
  const { calibration } = loadPack(manifest).model('embedding').embedding;
  const accepts = (a: string, b: string): boolean => scoreOf(likeness(a, b), calibration) >= SCORE;

  const train = scoredPairs(readPairs(folder, 'pairsDevTrain'), likeness);
  const testPairs = readPairs(folder, 'pairsDevTest');
  const threshold = bestThreshold(train);
  const accuracy = accuracyAt(threshold, scoredPairs(testPairs, likeness));
  const listed = testPairs.filter(({ same }) => same);
  const listedAccepted = listed.filter(({ a, b }) => accepts(a, b)).length / listed.length;
  const crossed = crossPairs(photosOfPairs([...vectors.keys()].sort(), folder, 'pairsDevTest'), accepts);
  const falseAcceptRate = crossed.impostorsAccepted / crossed.impostors;
  const allAccepted = crossed.genuineAccepted / crossed.genuine;

  context.print(
    `pairsDevTrain: accuracy ${accuracyAt(threshold, train).toFixed(4)} at cosine ${threshold.toFixed(4)}`,
  );
  context.print(`pairsDevTest: accuracy ${accuracy.toFixed(4)} at that threshold; told wrong:`);
  for (const { a, b, same } of testPairs.filter(
    (pair) => likeness(pair.a, pair.b) >= threshold !== pair.same,
  )) {
    context.print(
      `  ${likeness(a, b).toFixed(3)} ${same ? 'one person' : 'two people'}: ${basename(a)} ${basename(b)}`,
    );
  }
  context.print(
    `score ${SCORE}: ${crossed.impostorsAccepted} of ${crossed.impostors} impostor pairs accepted ` +
      `(${falseAcceptRate.toExponential(2)}), ${(listedAccepted * 100).toFixed(2)} % of the ${listed.length} listed ` +
      `genuine pairs, ${(allAccepted * 100).toFixed(2)} % of all ${crossed.genuine} that the people's photos make`,
  );
  return {
    pass:
      missed.length === 0 &&
      accuracy >= GOAL.accuracy &&
      falseAcceptRate <= GOAL.falseAcceptRate &&
      Math.min(listedAccepted, allAccepted) >= GOAL.genuineAccepted,
    figures: {
      photos: vectors.size + missed.filter((photo) => !vectors.has(photo)).length,
      withoutCentralFace: missed.length,
      trainThreshold: rounded(threshold, 4),
      trainAccuracy: rounded(accuracyAt(threshold, train), 4),
      testAccuracy: rounded(accuracy, 4),
      falseAcceptRateAt40: Number(falseAcceptRate.toPrecision(3)),
      genuineAcceptedAt40: rounded(listedAccepted, 4),
      allGenuineAcceptedAt40: rounded(allAccepted, 4),
    },
  };
}
