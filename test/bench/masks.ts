import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPack } from '@mien/models';
import { decodePhoto, type ScoreCalibration } from '@mien/vision';
import { MaskPainter } from '@mien/vision/drawn-masks';
import { cosineReaching } from '@mien/vision/similarity';
import { lfwFolder, readPeople } from '../photos/lfw';
import { defaultModelPack } from '../photos/repository';
import type { Benchmark, BenchmarkContext } from './harness';
import { photosOfPairs } from './lfw/verification';
import {
  bestAccuracy,
  falseRejectsAt,
  type Gallery,
  type Likenesses,
  likenesses,
  shareFrom,
} from './masks/error-rates';
import { type ComparedFace, FaceReader } from './masks/masked-faces';
import { rounded } from './statistics';

const LIMITS = { maxBytes: 10e6, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
/** The score that stands for a false-accept rate of 1e-3. */
const SCORE = 40;
const GOAL = { falseAcceptRate: 1e-3 } as const;

export const benchmark: Benchmark = {
  name: 'masks',
  goal:
    'people of pairsDevTest with a mask drawn over mouth and nose, compared whole and by what the mask leaves free: ' +
    `fewer false rejects by the latter at false-accept rates of 1e-2 and 1e-3, and at score ${SCORE} at most ` +
    `${GOAL.falseAcceptRate} of the impostor pairs accepted`,
  async run(context) {
    const folder = lfwFolder(process.env['LFW_DIR']);
    const faces = await readFaces(folder, context);
    const { calibration, upperFace } = loadPack(defaultModelPack()).model('embedding').embedding;
    if (upperFace === undefined) {
      throw new Error('the pack has no settings for masked faces');
    }
    const kinds = [
      ['masked against plain', 'plain', 'masked'],
      ['masked against masked', 'masked', 'masked'],
      ['plain against plain', 'plain', 'plain'],
    ] as const;
    let pass = true;
    const figures: Record<string, unknown> = { photos: faces.length };
    for (const [kind, a, b] of kinds) {
      const of = (part: 'whole' | 'upper') => {
        const [first, second] = [gallery(faces, a, part), gallery(faces, b, part)];
        return likenesses(first, a === b ? first : second);
      };
      const [whole, upper] = [of('whole'), of('upper')];
      const rates = { whole: ratesOf(whole, calibration), upper: ratesOf(upper, upperFace.calibration) };
      context.print(
        `${kind}: ${whole.genuine.length} genuine pairs, ${whole.impostor.length} impostor pairs`,
      );
      context.print(`  whole faces: ${inWords(rates.whole)}`);
      context.print(`  upper faces: ${inWords(rates.upper)}`);
      figures[kind] = rates;
      if (b === 'masked') {
        pass &&= rates.upper.rejectedAt1e2 < rates.whole.rejectedAt1e2;
        pass &&= rates.upper.rejectedAt1e3 < rates.whole.rejectedAt1e3;
        pass &&= rates.upper.acceptedAtScore <= GOAL.falseAcceptRate;
      }
    }
    return { pass, figures: { ...figures, ...told(faces, context) } };
  },
};

interface Person {
  readonly person: string;
  readonly plain: ComparedFace;
  readonly masked: ComparedFace;
}

/** The photos whose face is found with and without a mask. */
async function readFaces(folder: string, context: BenchmarkContext): Promise<Person[]> {
  const all = readPeople(folder).flatMap((person) => person.photos);
  const photos = photosOfPairs(all, folder, 'pairsDevTest');
  const pack = loadPack(defaultModelPack());
  const painter = await MaskPainter.open(pack, { threads: 1 });
  const reader = await FaceReader.open(pack);
  const faces: Person[] = [];
  let lost = 0;
  for (const [seed, path] of photos.entries()) {
    const photo = await decodePhoto(await readFile(join(folder, path)), LIMITS);
    const painted = await painter.paint(photo, 'full', seed);
    const plain = await reader.read(photo);
    const masked = painted && (await reader.read(painted));
    if (plain && masked) {
      faces.push({ person: path.split('/').at(-2) ?? path, plain, masked });
    } else {
      lost++;
    }
    context.progress('photos', seed + 1, photos.length);
  }
  await Promise.all([painter.close(), reader.close()]);
  context.print(`${photos.length} photos, ${lost} of them without a face at the centre once a mask is drawn`);
  return faces;
}

function gallery(faces: readonly Person[], kind: 'plain' | 'masked', part: 'whole' | 'upper'): Gallery {
  return {
    persons: faces.map(({ person }) => person),
    vectors: faces.map((face) => face[kind][part]),
  };
}

interface Rates {
  readonly accuracy: number;
  readonly rejectedAt1e2: number;
  readonly rejectedAt1e3: number;
  readonly acceptedAtScore: number;
  readonly rejectedAtScore: number;
}

function ratesOf(pairs: Likenesses, calibration: ScoreCalibration): Rates {
  const threshold = cosineReaching(SCORE, calibration);
  return {
    accuracy: rounded(bestAccuracy(pairs), 4),
    rejectedAt1e2: rounded(falseRejectsAt(1e-2, pairs), 4),
    rejectedAt1e3: rounded(falseRejectsAt(1e-3, pairs), 4),
    acceptedAtScore: Number(shareFrom(threshold, pairs.impostor).toPrecision(3)),
    rejectedAtScore: rounded(1 - shareFrom(threshold, pairs.genuine), 4),
  };
}

function inWords(rates: Rates): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return (
    `accuracy ${percent(rates.accuracy)}; false rejects at 1e-2 ${percent(rates.rejectedAt1e2)}, at 1e-3 ` +
    `${percent(rates.rejectedAt1e3)}; at score ${SCORE} false accepts ${rates.acceptedAtScore.toExponential(2)}, ` +
    `false rejects ${percent(rates.rejectedAtScore)}`
  );
}

/** How often masks are noticed, and seen where there are none. */
function told(faces: readonly Person[], context: BenchmarkContext): Record<string, number> {
  const share = (kind: 'plain' | 'masked') =>
    faces.filter((face) => face[kind].takenForMasked).length / faces.length;
  const figures = { masksNoticed: rounded(share('masked'), 4), masksImagined: rounded(share('plain'), 4) };
  context.print(
    `masks noticed on ${(figures.masksNoticed * 100).toFixed(2)} % of the masked photos and on ` +
      `${(figures.masksImagined * 100).toFixed(2)} % of those without`,
  );
  return figures;
}
