import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPack } from '@mien/models';
import { FaceDetector } from '../../detection/face-detector';
import { squareSide } from '../../inference/model-tensors';
import { LivenessJudge } from '../liveness-judge';
import { calibrate, THRESHOLD } from './calibrate';
import { type PeopleSet, photosOfPeople } from './lfw';
import { TEST, TRAINING } from './parameters';
import { Random } from './random';
import { report } from './report';
import { type Bench, type DrawingPlan, drawSamples, readSources, type Sample } from './samples';

/** Draws the pictures, fits the combination and writes it with its measurements. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      /** Folder of LFW's development view. */
      lfw: { type: 'string' },
      /** Manifest of the pack whose liveness model is calibrated. */
      pack: { type: 'string' },
      /** Folder for combination.json and measurements.md. */
      out: { type: 'string' },
      train: { type: 'string', default: '160' },
      test: { type: 'string', default: '100' },
      /** Pictures of each kind for the comparison by face size. */
      sizes: { type: 'string', default: '90' },
    },
  });
  if (!values.lfw || !values.pack || !values.out) {
    throw new Error(
      'usage: main --lfw DIR --pack MANIFEST --out DIR [--train PER_KIND] [--test PER_KIND] [--sizes PER_KIND]',
    );
  }
  const bench = await openBench(values.pack);
  const draw = (set: PeopleSet, plan: DrawingPlan): Promise<Sample[]> =>
    collect(values.lfw ?? '', set, plan, bench);
  const training = await draw('train', { parameters: TRAINING, perKind: Number(values.train), seed: 1 });
  const test = await draw('test', { parameters: TEST, perKind: Number(values.test), seed: 2 });
  const bySize = await draw('test', {
    parameters: { ...TEST, facePixels: [40, 150] },
    perKind: Number(values.sizes),
    seed: 3,
    kinds: ['phone', 'sheet', 'screen-moire', 'scaled'],
  });
  const combination = calibrate(training);
  mkdirSync(values.out, { recursive: true });
  const settings = { threshold: THRESHOLD, combination };
  writeFileSync(join(values.out, 'combination.json'), `${JSON.stringify(settings, null, 2)}\n`);
  writeFileSync(join(values.out, 'measurements.md'), report(training, test, bySize, combination));
}

async function openBench(manifest: string): Promise<Bench> {
  const pack = loadPack(manifest);
  const model = pack.model('liveness');
  return {
    detector: await FaceDetector.open(pack, { threads: 1 }),
    judge: await LivenessJudge.open(pack, { threads: 1 }),
    crop: { factor: model.liveness.cropScale, pixels: squareSide(model.input) },
  };
}

/** Draws a plan from the photos of one set of people, twice as many of them as pictures of a kind. */
async function collect(lfw: string, set: PeopleSet, plan: DrawingPlan, bench: Bench): Promise<Sample[]> {
  const files = new Random(plan.seed).shuffle(photosOfPeople(lfw, set)).slice(0, 2 * plan.perKind);
  const sources = await readSources(files, bench.detector);
  const samples: Sample[] = [];
  for await (const sample of drawSamples(sources, plan, bench)) {
    samples.push(sample);
    if (samples.length % 100 === 0) {
      process.stderr.write(`${set}: ${samples.length} pictures\n`);
    }
  }
  return samples;
}

void main();
