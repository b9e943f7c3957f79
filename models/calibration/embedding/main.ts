import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultManifestPath, loadPack } from '@mien/models';
import type { ScoreCalibration } from '@mien/vision';
import { type AllPairs, allPairs } from './cosine-pairs';
import { type Caution, rateAt } from './false-accepts';
import { calibrate } from './knots';
import { peopleOf, photosOf } from './people';
import { templatesOf } from './templates';

const USAGE = 'usage: embedding --lfw FOLDER [--pack MANIFEST] [--manifest FILE_TO_UPDATE] [--workers 2]';

/** See README.md beside this file: why over imagined groups, and why these figures. */
const CAUTION: Caution = { people: 1000, draws: 1000, confidence: 0.99, seed: 1 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lfw: { type: 'string' },
      pack: { type: 'string', default: defaultManifestPath() },
      manifest: { type: 'string' },
      workers: { type: 'string', default: '2' },
    },
  });
  if (values.lfw === undefined) {
    throw new Error(USAGE);
  }
  const folder = resolve(values.lfw);
  const people = peopleOf(join(folder, 'pairsDevTrain.txt'));
  const photos = photosOf(join(folder, 'images'), people);
  console.log(`${people.length} people, ${photos.length} photos`);
  const samples = await templatesOf(loadPack(values.pack), photos, Number(values.workers), (done) => {
    if (done % 250 === 0) console.log(`${done} of ${photos.length} photos`);
  });
  const pairs = allPairs(samples);
  const calibration = calibrate(pairs, CAUTION);
  printTable(pairs, calibration);
  if (values.manifest === undefined) {
    console.log(JSON.stringify(calibration, undefined, 2));
  } else {
    update(values.manifest, calibration);
  }
}

function printTable({ impostor, genuine }: AllPairs, { knots }: ScoreCalibration): void {
  console.log(`${impostor.cosines.length} impostor pairs, ${genuine.cosines.length} genuine pairs`);
  console.log('score  cosine   false accepts  false rejects');
  for (const { score, cosine } of knots) {
    const accepts = rateAt(cosine, impostor).toExponential(2);
    const rejects = (1 - rateAt(cosine, genuine)).toFixed(4);
    console.log(
      `${String(score).padStart(5)}  ${cosine.toFixed(4).padStart(7)}  ${accepts.padStart(13)}  ${rejects.padStart(13)}`,
    );
  }
}

/** Writes the calibration into a manifest's embedding entry; nothing else in it changes. */
function update(manifest: string, calibration: ScoreCalibration): void {
  const pack: { models: { task: string; embedding?: object }[] } = JSON.parse(readFileSync(manifest, 'utf8'));
  const models = pack.models.map((model) =>
    model.task === 'embedding' ? { ...model, embedding: { ...model.embedding, calibration } } : model,
  );
  writeFileSync(manifest, `${JSON.stringify({ ...pack, models }, undefined, 2)}\n`);
}

void main();
