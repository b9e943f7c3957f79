/**
 * Trains the appearance heads on hand-labelled LFW people and reports on others:
 * `node dist/attributes/calibration/train-appearance.js [--keep FOLDER]` (LFW_DIR names the photos; --keep spares
 * a second run the reading of pictures). Writes appearance/heads.json.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultManifestPath, loadPack } from '@mien/models';
import { AppearanceHead, type HeadParameters } from '../appearance/head';
import { CLASSES, TRAITS, type Trait } from '../appearance/traits';
import { COVER_COLOURS } from '../cover-colours';
import { mainComponents, project } from './components';
import { type Making, type Sample, SampleMaker } from './dataset';
import { appearanceLabels } from './labels';
import { lfwFolder } from './lfw';
import { accuracy, areaUnderCurve, type Judged, precisionRecall, reliability } from './measures';
import { storedSamples } from './sample-store';
import { trainTrait } from './train-trait';

const HEADS = resolve(__dirname, '../../../src/attributes/appearance/heads.json');

/** Traits read from the face's own square; the others need the wider one too, and masks the cover colours. */
const FACE_TRAITS: readonly Trait[] = ['glasses', 'moustache'];

const COMPONENTS = 200;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'string' } } });
  const folder = lfwFolder(process.env['LFW_DIR']);
  if (!folder) {
    throw new Error('LFW_DIR should name a folder with LFW View 1');
  }
  const pack = loadPack(defaultManifestPath());
  const samplesOf = (part: 'train' | 'test') =>
    storedSamples(values.keep, part, async () => {
      const maker = await SampleMaker.open(pack, folder);
      const samples: Sample[] = [];
      const labels = [...appearanceLabels(part)];
      for (const [place, [name, label]] of labels.entries()) {
        samples.push(...(await maker.make(name, label, place)));
        if (place % 50 === 0) {
          process.stdout.write(`${part}: ${place} of ${labels.length} people\n`);
        }
      }
      await maker.close();
      return samples;
    });
  const train = await samplesOf('train');
  const test = await samplesOf('test');
  const size = ((train[0]?.descriptor.length ?? 0) - COVER_COLOURS) / 2;
  const face = reduced(train, size, size);
  const covered = reduced(train, 2 * size + COVER_COLOURS, 2 * size);
  const both = withoutRest(covered, 2 * size);
  const heads: Partial<Record<Trait, HeadParameters>> = {};
  for (const trait of TRAITS) {
    const { inputs, components } = trait === 'mask' ? covered : FACE_TRAITS.includes(trait) ? face : both;
    const trained = trainTrait(trait, train, inputs, components);
    heads[trait] = trained.parameters;
    process.stdout.write(
      `\n${trait}: decay ${trained.decay}, loss on held-out people ${trained.heldOutLoss.toFixed(3)}\n`,
    );
    report(trait, trained.parameters, test);
  }
  const { version } = pack.model('gender-age');
  writeFileSync(HEADS, `${JSON.stringify({ descriptor: version, heads }, null, 2)}\n`);
  process.stdout.write(`\nWrote ${HEADS}\n`);
}

/** The first `used` numbers of the samples, the first `leading` of them as components. */
function reduced(samples: readonly Sample[], used: number, leading: number) {
  const descriptors = samples.map(({ descriptor }) => descriptor.subarray(0, used));
  // Half of the samples show the axes as well as all, in half the time.
  const components = mainComponents(
    descriptors.filter((_, index) => index % 2 === 0),
    leading,
    COMPONENTS,
  );
  return { components, inputs: descriptors.map((descriptor) => project(components, descriptor)) };
}

/** The same without the numbers after the leading ones. */
function withoutRest({ components, inputs }: ReturnType<typeof reduced>, leading: number) {
  const { mean, scale, axes } = components;
  return {
    components: { mean: mean.subarray(0, leading), scale: scale.subarray(0, leading), axes },
    inputs: inputs.map((input) => input.subarray(0, axes.length)),
  };
}

function report(trait: Trait, parameters: HeadParameters, test: readonly Sample[]): void {
  const head = new AppearanceHead(parameters);
  const classes: readonly string[] = CLASSES[trait];
  const judge = (makings: readonly Making[]): Judged[] =>
    test.flatMap(({ making, shows, descriptor }) => {
      const truth = classes.indexOf(shows[trait] ?? '');
      return truth < 0 || !makings.includes(making)
        ? []
        : [{ probabilities: head.judge(descriptor.subarray(0, head.inputs)), truth }];
    });
  const sets: [string, Making[]][] = [
    ['photos', ['photo']],
    ['small', ['small']],
    ['masked', ['mask']],
  ];
  if (trait === 'glasses') sets.push(['with sunglasses drawn', ['photo', 'sunglasses']]);
  if (trait === 'mask') sets.push(['photos, clutter and masks drawn', ['photo', 'clutter', 'mask']]);
  for (const [name, makings] of sets) {
    const judged = judge(makings);
    if (judged.length > 0) {
      process.stdout.write(`  ${name}: ${judged.length} samples, accuracy ${accuracy(judged).toFixed(3)}\n`);
    }
  }
  const main = judge(trait === 'mask' ? ['photo', 'clutter', 'mask'] : ['photo']);
  classes.forEach((name, k) => {
    const count = main.filter(({ truth }) => truth === k).length;
    const { precision, recall } = precisionRecall(main, k);
    process.stdout.write(
      `  ${name.padEnd(8)} ${String(count).padStart(4)}  precision ${precision.toFixed(3)} recall ${recall.toFixed(3)} AUC ${areaUnderCurve(main, k).toFixed(3)}\n`,
    );
  });
  for (const { from, to, count, mean, right } of reliability(main, [0, 0.5, 0.7, 0.9, 1])) {
    process.stdout.write(
      `  said ${from}-${to}: ${String(count).padStart(4)} answers, mean ${mean.toFixed(2)}, right ${right.toFixed(2)}\n`,
    );
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
