import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultManifestPath, loadPack, ModelPack } from '@mien/models';
import type { Template } from '@mien/proto';
import { decodePhoto } from '../image/decode';
import { type RgbImage, rgbImage } from '../image/rgb-image';
import { packagedFaces } from '../landmarks/fixtures/packaged-faces';
import { alignmentPoints } from '../landmarks/landmarks';
import { LandmarkLocator, type LocateInput } from '../landmarks/locator';
import { alignFace } from './align';
import { Embedder } from './embedder';
import { centralFace } from './face-aligner';
import { cosineOf, similarity } from './similarity';
import { TemplatePipeline } from './template-pipeline';

const PACK = loadPack(defaultManifestPath());
const THREADS = { threads: 2 };
/** People in each of the six packaged photos, in the order of packagedFaces. */
const PEOPLE_PER_PHOTO = [3, 3, 3, 4, 5, 4];

let locator: LandmarkLocator;
let embedder: Embedder;
let aligned: RgbImage[];
let templates: Template[];

async function align(faces: readonly LocateInput[]): Promise<RgbImage[]> {
  const located = await locator.locate(faces);
  return located.map((face, index) => alignFace(faces[index]?.picture ?? fail(), alignmentPoints(face)));
}

function fail(): never {
  throw new Error('missing');
}

beforeAll(async () => {
  locator = await LandmarkLocator.open(PACK, THREADS);
  embedder = await Embedder.open(PACK, THREADS);
  aligned = await align(await packagedFaces());
  templates = await embedder.embed(aligned);
});

afterAll(async () => {
  await locator.close();
  await embedder.close();
});

test('every template has 512 numbers, length 1 and the version of the model', () => {
  expect(templates).toHaveLength(22);
  for (const { vector, modelVersion } of templates) {
    expect(vector).toHaveLength(512);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(modelVersion).toBe(PACK.model('embedding').version);
  }
});

test('a face alone gives the template that it gives among others', async () => {
  const alone = await Promise.all(aligned.slice(14, 18).map((face) => embedder.embed([face])));
  alone.flat().forEach((template, index) => {
    expect(cosineOf(template.vector, templates[14 + index]?.vector ?? [])).toBeGreaterThan(0.99999);
  });
});

test('no face gives no template', async () => {
  expect(await embedder.embed([])).toEqual([]);
});

test('a picture of another size is refused', async () => {
  await expect(embedder.embed([rgbImage(new Uint8Array(300), 10, 10)])).rejects.toThrow(/10x10/);
});

test('where the pack asks for flip averaging, a face and its mirror image give the same template', async () => {
  const models = PACK.models.map((model) =>
    model.task === 'embedding' ? { ...model, embedding: { ...model.embedding, flipAverage: true } } : model,
  );
  const averaging = await Embedder.open(new ModelPack(PACK.name, PACK.version, models), THREADS);
  const face = aligned[3] ?? fail();
  const mirrored = Uint8Array.from(face.data, (_, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    const [x, y] = [pixel % face.width, Math.floor(pixel / face.width)];
    return face.data[(y * face.width + face.width - 1 - x) * 3 + channel] ?? 0;
  });
  const [one, other] = await averaging.embed([face, rgbImage(mirrored, face.width, face.height)]);
  await averaging.close();
  expect(cosineOf(one?.vector ?? [], other?.vector ?? [])).toBeGreaterThan(0.99999);
  expect(cosineOf(one?.vector ?? [], templates[3]?.vector ?? [])).toBeGreaterThan(0.8);
  expect(cosineOf(one?.vector ?? [], templates[3]?.vector ?? [])).toBeLessThan(0.9999);
});

test('people in one photo are different people: none of their pairs reaches score 50, few 40', () => {
  const scores: number[] = [];
  let start = 0;
  for (const count of PEOPLE_PER_PHOTO) {
    const people = templates.slice(start, start + count);
    start += count;
    people.forEach((a, index) => {
      for (const b of people.slice(0, index)) {
        scores.push(similarity(a, b, embedder.calibration).score);
      }
    });
  }
  expect(scores).toHaveLength(31);
  expect(Math.max(...scores)).toBeLessThan(50);
  // 40 stands for one pair of strangers in a thousand, on LFW; women of one age in one light are more alike.
  expect(scores.filter((score) => score >= 40).length).toBeLessThanOrEqual(2);
});

test('a face seen at 60 % of its size is still the same person, well above score 60', async () => {
  const smaller = await embedder.embed(await align(await packagedFaces(96)));
  const scores = templates.map(
    (a, index) => similarity(a, smaller[index] ?? fail(), embedder.calibration).score,
  );
  // One of the 22 is a full profile, whose points are guesses.
  expect(scores.filter((score) => score > 60).length).toBeGreaterThanOrEqual(21);
});

const LFW = resolve(process.env['LFW_DIR'] ?? join(__dirname, '../../../../../shared/data/lfw-view1'));
const withLfw = existsSync(join(LFW, 'pairsDevTrain.txt')) ? test : test.skip;

withLfw('of 20 pairs each, nearly all genuine and no impostor pairs reach score 40', async () => {
  const pipeline = await TemplatePipeline.open(PACK, THREADS);
  const read = async (name: string, index: string): Promise<Template> => {
    const file = join(LFW, 'images', name, `${name}_${index.padStart(4, '0')}.jpg`);
    const limits = { maxBytes: 1e6, maxSide: 1000, minSide: 20, maxPixels: 1e6 };
    const photo = await decodePhoto(readFileSync(file), limits);
    const options = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };
    const [face] = await pipeline.templates(photo, options, (faces) => centralFace(faces, photo));
    return face?.template ?? fail();
  };
  const lines = readFileSync(join(LFW, 'pairsDevTrain.txt'), 'utf8').split('\n').slice(1);
  const words = lines.map((line) => line.trim().split(/\s+/));
  const genuine = words.filter(({ length }) => length === 3).slice(0, 20);
  const impostors = words.filter(({ length }) => length === 4).slice(0, 20);
  const reaches40 = async ([name = '', i = '', j = '', k]: string[]): Promise<boolean> => {
    const a = await read(name, i);
    const b = k === undefined ? await read(name, j) : await read(j, k);
    return similarity(a, b, embedder.calibration).score >= 40;
  };
  const accepted = { genuine: 0, impostors: 0 };
  for (const pair of genuine) accepted.genuine += (await reaches40(pair)) ? 1 : 0;
  for (const pair of impostors) accepted.impostors += (await reaches40(pair)) ? 1 : 0;
  expect(accepted.genuine).toBeGreaterThanOrEqual(19);
  expect(accepted.impostors).toBe(0);
  await pipeline.close();
});
