import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultManifestPath, loadPack, ModelPack } from '@mien/models';
import { Embedder, type RgbImage, UpperFaceEmbedder } from '@mien/vision';
import { MaskPainter } from '@mien/vision/drawn-masks';
import { alignedFaces, type Sample, samplesOf } from './aligned-faces';
import { allPairs } from './cosine-pairs';
import { CAUTION, calibrate } from './knots';
import { updateEmbedding } from './manifest';
import { peopleOf, photosOf } from './people';
import { printTable } from './table';

const USAGE = 'usage: upper-face --lfw FOLDER [--pack MANIFEST] [--manifest FILE_TO_UPDATE] [--workers 2]';

/** What of the face is looked at: `npm run bench -- masks` tells how well. */
const LOOK = { version: 'upper-face-1', hiddenBelow: [62, 68, 74] };

/** Photos whose face also counts without a mask, for the middle between both: one in four tells it well enough. */
const isBare = (_: unknown, index: number) => index % 4 === 0;

/** The settings for masked faces: measured on people of the training list, each photo with a mask drawn on it. */
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
  const photos = photosOf(join(folder, 'images'), peopleOf(join(folder, 'pairsDevTrain.txt')));
  const pack = loadPack(values.pack);
  const progress = (done: number) => {
    if (done % 250 === 0) console.log(`${done} of ${photos.length} photos`);
  };
  const painter = await MaskPainter.open(pack, { threads: 1 });
  const paint = (photo: RgbImage, index: number) => painter.paint(photo, 'full', index);
  const workers = Number(values.workers);
  const masked = await alignedFaces(pack, photos, workers, progress, paint);
  const bare = await alignedFaces(pack, photos.filter(isBare), workers, progress);
  await painter.close();
  console.log(
    `${photos.length} photos, ${photos.length - masked.length} without a face once a mask is drawn`,
  );

  const embedder = await Embedder.open(uncentred(pack), { threads: 1 });
  const upperFaces = UpperFaceEmbedder.of(embedder);
  if (upperFaces === undefined) {
    throw new Error('the embedding model has no settings for masked faces');
  }
  const samples = await samplesOf(masked, upperFaces);
  const centre = meanOf([meanOf(vectorsOf(samples)), meanOf(vectorsOf(await samplesOf(bare, upperFaces)))]);
  await embedder.close();
  const pairs = allPairs(samples.map((sample) => centred(sample, centre)));
  const calibration = calibrate(pairs, CAUTION);
  printTable(pairs, calibration);
  const settings = { ...LOOK, centre: base64(centre), calibration };
  if (values.manifest === undefined) {
    console.log(JSON.stringify(settings, undefined, 2));
  } else {
    updateEmbedding(values.manifest, { upperFace: settings });
  }
}

/** The pack with what is to be measured left open. */
function uncentred(pack: ModelPack): ModelPack {
  const models = pack.models.map((model) => {
    if (model.task !== 'embedding') return model;
    const { calibration, size } = model.embedding;
    const upperFace = { ...LOOK, centre: base64(new Float32Array(size)), calibration };
    return { ...model, embedding: { ...model.embedding, upperFace } };
  });
  return new ModelPack(pack.name, pack.version, models);
}

function vectorsOf(samples: readonly Sample[]): Float32Array[] {
  return samples.map(({ vector }) => vector);
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  return mean.map((_, at) => vectors.reduce((sum, vector) => sum + (vector[at] ?? 0), 0) / vectors.length);
}

/** As UpperFaceEmbedder does it. */
function centred({ person, vector }: Sample, centre: Float32Array): Sample {
  const moved = vector.map((value, at) => value - (centre[at] ?? 0));
  const length = Math.hypot(...moved);
  return { person, vector: moved.map((value) => value / length) };
}

function base64(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => {
    bytes.writeFloatLE(value, at * 4);
  });
  return bytes.toString('base64');
}

void main();
