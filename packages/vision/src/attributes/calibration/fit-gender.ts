/**
 * Fits the gender calibration on LFW's training people by their first names and reports on the test people:
 * `node dist/attributes/calibration/fit-gender.js` (LFW_DIR names the photos). The two numbers belong into the pack's
 * manifest (genderAge.genderCalibration).
 */
import { defaultManifestPath, loadPack, type ModelPack } from '@mien/models';
import { faceView, squarePicture } from '../face-view';
import { GenderAgeNetwork } from '../networks/gender-age';
import { logit } from '../probability';
import { calibrated, fitScale, type ScoreScale } from './calibrate';
import { type LfwList, labelFile, lfwFolder, peopleOf, photoPath } from './lfw';
import { accuracy, areaUnderCurve, type Judged, reliability } from './measures';
import { FaceFinder } from './samples';
import { readPhoto } from './variants';

interface GenderSample {
  /** Logit of the network's output. */
  readonly score: number;
  readonly male: boolean;
  readonly years: number;
}

async function main(): Promise<void> {
  const folder = lfwFolder(process.env['LFW_DIR']);
  if (!folder) {
    throw new Error('LFW_DIR should name a folder with LFW View 1');
  }
  const pack = loadPack(defaultManifestPath());
  const train = await genderSamples(pack, folder, 'pairsDevTrain');
  const test = await genderSamples(pack, folder, 'pairsDevTest');
  // Women's and men's names weigh alike: no gender is expected before a face is seen.
  const women = train.filter(({ male }) => !male).length;
  const scale = fitScale(
    train.map(({ score, male }) => ({
      scores: [0, score],
      truth: male ? 1 : 0,
      weight: train.length / 2 / (male ? train.length - women : women),
    })),
    2,
  );
  const [female = 0, male = 0] = scale.offsets;
  process.stdout.write(`slope ${scale.slope.toFixed(3)}, offset ${(male - female).toFixed(3)}\n`);
  report('raw output', test, { slope: 1, offsets: [0, 0] });
  report('calibrated', test, scale);
  const years = test.map((sample) => sample.years).sort((a, b) => a - b);
  const quantile = (share: number) => years[Math.floor(share * years.length)]?.toFixed(0);
  process.stdout.write(
    `ages: 10 % under ${quantile(0.1)}, median ${quantile(0.5)}, 10 % over ${quantile(0.9)}\n`,
  );
}

async function genderSamples(pack: ModelPack, folder: string, list: LfwList): Promise<GenderSample[]> {
  const names = labelFile('first-names.json');
  const males = new Set(Object.values(names['male'] ?? {}));
  const females = new Set(Object.values(names['female'] ?? {}));
  const finder = await FaceFinder.open(pack, { threads: 1 });
  const network = await GenderAgeNetwork.open(pack, { threads: 1 });
  const samples: GenderSample[] = [];
  for (const name of peopleOf(folder, list)) {
    const first = name.split('_')[0] ?? '';
    if (!males.has(first) && !females.has(first)) {
      continue;
    }
    const face = await finder.central(await readPhoto(photoPath(folder, name)));
    if (face) {
      const picture = squarePicture(faceView(face), network.model.genderAge.cropScale, network.side);
      const [output] = await network.run([picture]);
      const years = (output?.ages ?? new Float32Array()).reduce((sum, share, bin) => sum + share * bin, 0);
      samples.push({ score: logit(output?.gender ?? 0.5), male: males.has(first), years });
    }
  }
  await finder.close();
  await network.close();
  return samples;
}

function report(title: string, samples: readonly GenderSample[], scale: ScoreScale): void {
  const judged: Judged[] = samples.map(({ score, male }) => ({
    probabilities: calibrated(scale, [0, score]),
    truth: male ? 1 : 0,
  }));
  const women = judged.filter(({ truth }) => truth === 0);
  const men = judged.filter(({ truth }) => truth === 1);
  process.stdout.write(
    `${title}: ${judged.length} people, AUC ${areaUnderCurve(judged, 1).toFixed(4)}, accuracy ${accuracy(judged).toFixed(4)} ` +
      `(${women.length} women ${accuracy(women).toFixed(4)}, ${men.length} men ${accuracy(men).toFixed(4)})\n`,
  );
  for (const { from, to, count, mean, right } of reliability(judged, [0.5, 0.7, 0.9, 0.97, 1])) {
    process.stdout.write(
      `  said ${from}-${to}: ${count} answers, mean ${mean.toFixed(3)}, right ${right.toFixed(3)}\n`,
    );
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
