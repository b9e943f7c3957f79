import { defaultManifestPath, loadPack, ModelPack } from '@mien/models';
import { Mask, type Template } from '@mien/proto';
import { maskShapes } from '../attributes/calibration/drawings';
import { drawnOver } from '../attributes/calibration/variants';
import { type RgbImage, rgbImage } from '../image/rgb-image';
import { packagedFaces } from '../landmarks/fixtures/packaged-faces';
import { alignmentPoints } from '../landmarks/landmarks';
import { LandmarkLocator, type LocateInput } from '../landmarks/locator';
import { Random } from '../liveness/calibration/random';
import { alignFace } from './align';
import { Embedder } from './embedder';
import { cosineOf, similarity } from './similarity';
import { hiddenBelow, maskIsLikely } from './upper-face';
import { UpperFaceEmbedder } from './upper-face-embedder';

const PACK = loadPack(defaultManifestPath());
const THREADS = { threads: 2 };

let embedder: Embedder;
let upperFaces: UpperFaceEmbedder;
/** The 22 people of the packaged photos, aligned: as they are, and with a mask drawn on. */
let plain: RgbImage[];
let masked: RgbImage[];
let templates: { plain: Template[]; masked: Template[] };

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing');
  return value;
}

beforeAll(async () => {
  embedder = await Embedder.open(PACK, THREADS);
  upperFaces = present(UpperFaceEmbedder.of(embedder));
  const locator = await LandmarkLocator.open(PACK, THREADS);
  const faces = await packagedFaces();
  const located = await locator.locate(faces);
  const random = new Random(7);
  const drawn: LocateInput[] = [];
  for (const [index, face] of faces.entries()) {
    const { mesh } = present(located[index]);
    drawn.push({
      ...face,
      picture: await drawnOver(face.picture, maskShapes(mesh, 'full', 1, random), random),
    });
  }
  const align = async (inputs: readonly LocateInput[]) =>
    (await locator.locate(inputs)).map((face, index) =>
      alignFace(present(inputs[index]).picture, alignmentPoints(face)),
    );
  plain = await align(faces);
  masked = await align(drawn);
  templates = { plain: await upperFaces.embed(plain), masked: await upperFaces.embed(masked) };
  await locator.close();
});

afterAll(async () => {
  await embedder.close();
});

/** The face with everything from a row of 112 on in one colour. */
function painted({ data, width, height }: RgbImage, row: number, value: number): RgbImage {
  return rgbImage(Uint8Array.from(data).fill(value, row * width * 3), width, height);
}

test('what lies under the row is black, what is above stays', () => {
  const face = present(plain[0]);
  const hidden = hiddenBelow(face, 68);
  expect(hidden.data.subarray(0, 68 * 112 * 3)).toEqual(face.data.subarray(0, 68 * 112 * 3));
  expect(hidden.data.subarray(68 * 112 * 3).every((value) => value === 0)).toBe(true);
  expect(hiddenBelow(rgbImage(new Uint8Array(224 * 224 * 3).fill(9), 224, 224), 68).data.indexOf(0)).toBe(
    136 * 224 * 3,
  );
});

test('nothing that a mask covers enters a template', async () => {
  const face = present(plain[3]);
  const lowest = Math.max(...present(embedder.upperFace).hiddenBelow);
  const [one, other] = await upperFaces.embed([painted(face, lowest, 255), painted(face, lowest, 40)]);
  expect(one?.vector).toEqual(other?.vector);
  expect(cosineOf(present(one).vector, present(templates.plain[3]).vector)).toBeCloseTo(1, 5);
  const [whole, repainted] = await embedder.embed([face, painted(face, lowest, 40)]);
  expect(cosineOf(present(whole).vector, present(repainted).vector)).toBeLessThan(0.9);
});

test('templates are of length 1 and are never compared with those of whole faces', async () => {
  for (const { vector, modelVersion } of templates.masked) {
    expect(vector).toHaveLength(512);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(modelVersion).toBe(upperFaces.modelVersion);
  }
  const [whole] = await embedder.embed(plain.slice(0, 1));
  expect(() => similarity(present(whole), present(templates.plain[0]), upperFaces.calibration)).toThrow(
    expect.objectContaining({ reason: 'MODEL_VERSIONS_DIFFER' }),
  );
});

test('a mask leaves a person more alike to itself than to anybody else, no less surely than whole faces', async () => {
  const scores = templates.masked.map((a) =>
    templates.plain.map((b) => similarity(a, b, upperFaces.calibration).score),
  );
  const own = scores.map((row, person) => row[person] ?? 0);
  const strangers = scores.flatMap((row, person) => row.filter((_, other) => other !== person));
  expect(scores.filter((row, person) => Math.max(...row) === own[person])).toHaveLength(22);
  // Measured: 21 of the 22 reach score 40 (the other turns his head aside), and 5 of 462 strangers: they are women of
  // one age in one light, where LFW has 1 of 1,000.
  expect(own.filter((score) => score >= 40).length).toBeGreaterThanOrEqual(20);
  expect(strangers.filter((score) => score >= 40).length).toBeLessThanOrEqual(8);

  const wholeMasked = await embedder.embed(masked);
  const wholePlain = await embedder.embed(plain);
  const ownWhole = wholeMasked.map(
    (a, person) => similarity(a, present(wholePlain[person]), embedder.calibration).score,
  );
  const reaching = (all: readonly number[]) => all.filter((score) => score >= 40).length;
  expect(reaching(own)).toBeGreaterThanOrEqual(reaching(ownWhole));
});

test('a model that was not measured on masks makes no such templates', async () => {
  const models = PACK.models.map((model) =>
    model.task === 'embedding'
      ? { ...model, embedding: { ...model.embedding, upperFace: undefined } }
      : model,
  );
  const other = await Embedder.open(new ModelPack(PACK.name, PACK.version, models), THREADS);
  expect(UpperFaceEmbedder.of(other)).toBeUndefined();
  await other.close();
});

test.each([
  [Mask.MASK_FULL, 0.9, true],
  [Mask.MASK_MOUTH, 0.9, true],
  [Mask.MASK_FULL, 0.3, false],
  [Mask.MASK_CHIN, 0.99, false],
  [Mask.MASK_NONE, 0.99, false],
])('a mask worn so: %s, at probability %d, is likely: %s', (value, probability, likely) => {
  expect(maskIsLikely({ mask: { value, probability } })).toBe(likely);
});

test('nothing known of masks is no mask', () => {
  expect(maskIsLikely({ mask: undefined })).toBe(false);
});
