import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultManifestPath, loadPack } from '@mien/models';
import { Embedder } from '@mien/vision';
import { alignedFaces, samplesOf } from './aligned-faces';
import { allPairs } from './cosine-pairs';
import { CAUTION, calibrate } from './knots';
import { updateEmbedding } from './manifest';
import { peopleOf, photosOf } from './people';
import { printTable } from './table';

const USAGE = 'usage: embedding --lfw FOLDER [--pack MANIFEST] [--manifest FILE_TO_UPDATE] [--workers 2]';

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
  const pack = loadPack(values.pack);
  const faces = await alignedFaces(pack, photos, Number(values.workers), (done) => {
    if (done % 250 === 0) console.log(`${done} of ${photos.length} photos`);
  });
  const embedder = await Embedder.open(pack, { threads: 1 });
  const pairs = allPairs(await samplesOf(faces, embedder));
  await embedder.close();
  const calibration = calibrate(pairs, CAUTION);
  printTable(pairs, calibration);
  if (values.manifest === undefined) {
    console.log(JSON.stringify(calibration, undefined, 2));
  } else {
    updateEmbedding(values.manifest, { calibration });
  }
}

void main();
