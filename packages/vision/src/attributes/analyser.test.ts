import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { type Attributes, Gender, Glasses, HairColor, HairLength, Mask } from '@mien/proto';
import type { RgbImage } from '../image/rgb-image';
import { Random } from '../liveness/calibration/random';
import { AttributeAnalyser } from './analyser';
import { type DrawnMask, maskShapes, sunglassesShapes } from './calibration/drawings';
import { FaceFinder } from './calibration/samples';
import { drawnOver, readPhoto, scaled } from './calibration/variants';
import type { AttributeInput } from './face-view';

const DEMO = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
const PHOTOS = [1, 2, 3, 4, 5, 6].map((number) => join(DEMO, `sample${number}.jpg`));

let finder: FaceFinder;
let analyser: AttributeAnalyser;
let photos: RgbImage[];
let faces: AttributeInput[][];
let answers: Attributes[];

beforeAll(async () => {
  const pack = loadPack(defaultManifestPath());
  finder = await FaceFinder.open(pack, { threads: 1 });
  analyser = await AttributeAnalyser.open(pack, { threads: 1 });
  // Half the size keeps the test quick; the faces are still 100 pixels and more.
  photos = await Promise.all(PHOTOS.map(async (path) => scaled(await readPhoto(path), 0.5)));
  faces = [];
  for (const photo of photos) {
    faces.push(await finder.all(photo));
  }
  answers = await analyser.analyse(faces.flat());
});

afterAll(async () => {
  await finder.close();
  await analyser.close();
});

/** Every probability of an answer. */
function probabilities(answer: Attributes): number[] {
  const { gender, age, expression, beauty, glasses, mask, hair, hat, moustache } = answer;
  return [
    gender?.probability,
    age?.probability,
    expression?.smileProbability,
    beauty?.probability,
    glasses?.probability,
    mask?.probability,
    hair?.lengthProbability,
    hair?.fringeProbability,
    hair?.colorProbability,
    hat?.probability,
    moustache?.probability,
  ].map((probability) => probability ?? Number.NaN);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The photo with something drawn over each of its faces. */
async function withDrawing(
  index: number,
  shapes: (mesh: Float32Array, random: Random) => string,
): Promise<RgbImage> {
  const photo = photos[index];
  if (!photo) {
    throw new RangeError(`no photo ${index}`);
  }
  let drawn = photo;
  for (const [place, face] of (faces[index] ?? []).entries()) {
    const random = new Random(10 * index + place);
    drawn = await drawnOver(drawn, shapes(Float32Array.from(face.mesh), random), random);
  }
  return drawn;
}

/** Three of the photos, ten people, are enough and quick. */
const DRAWN_ON = [1, 2, 3];

/** Attributes of every face of those photos, drawn upon. */
async function drawnAnswers(shapes: (mesh: Float32Array, random: Random) => string): Promise<Attributes[]> {
  const inputs: AttributeInput[] = [];
  for (const index of DRAWN_ON) {
    inputs.push(...(await finder.all(await withDrawing(index, shapes))));
  }
  return analyser.analyse(inputs);
}

describe('the 22 people of the packaged photos', () => {
  it('are all answered, within range', () => {
    expect(answers).toHaveLength(22);
    for (const answer of answers) {
      for (const probability of probabilities(answer)) {
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
      const emotions = answer.expression?.emotions.map(({ probability }) => probability) ?? [];
      expect(emotions).toHaveLength(7);
      expect([...emotions].sort((a, b) => b - a)).toEqual(emotions);
      expect(emotions.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(new Set(answer.expression?.emotions.map(({ emotion }) => emotion)).size).toBe(7);
      for (const level of [answer.age?.years, answer.expression?.smile, answer.beauty?.score]) {
        expect(level).toBeGreaterThanOrEqual(0);
        expect(level).toBeLessThanOrEqual(100);
      }
      expect(answer.gender?.value).not.toBe(Gender.GENDER_UNSPECIFIED);
      expect(answer.hair?.length).not.toBe(HairLength.HAIR_LENGTH_UNSPECIFIED);
      expect(answer.hair?.color).not.toBe(HairColor.HAIR_COLOR_UNSPECIFIED);
    }
  });

  it('differ in everything that is said of them', () => {
    const rows = answers.map((answer) => [
      ...probabilities(answer),
      answer.age?.years ?? 0,
      answer.expression?.smile ?? 0,
      answer.beauty?.score ?? 0,
    ]);
    const columns = (rows[0] ?? []).map((_, place) => new Set(rows.map((row) => row[place])));
    for (const values of columns) {
      expect(values.size).toBeGreaterThan(11);
    }
    expect(new Set(answers.map(({ hair }) => hair?.length)).size).toBeGreaterThan(1);
    expect(new Set(answers.map(({ hair }) => hair?.color)).size).toBeGreaterThan(1);
  });

  it('get one by one what they get together', async () => {
    for (const index of [0, 9, 21]) {
      const face = faces.flat()[index];
      const [alone] = face ? await analyser.analyse([face]) : [];
      const together = answers[index];
      if (!alone || !together) throw new RangeError(`no face ${index}`);
      probabilities(alone).forEach((probability, place) => {
        expect(probability).toBeCloseTo(probabilities(together)[place] ?? Number.NaN, 3);
      });
      expect(alone.age?.years).toBeCloseTo(together.age?.years ?? 0, 2);
    }
  });

  it('are told with less confidence when they are small', async () => {
    const small: AttributeInput[] = [];
    for (const photo of photos) {
      small.push(...(await finder.all(await scaled(photo, 0.16))));
    }
    expect(small.length).toBeGreaterThan(10);
    expect(Math.max(...small.map(({ box }) => Math.max(box.width, box.height)))).toBeLessThan(40);
    const told = await analyser.analyse(small);
    expect(mean(told.map(({ gender }) => gender?.probability ?? 1))).toBeLessThan(
      mean(answers.map(({ gender }) => gender?.probability ?? 0)) - 0.03,
    );
    expect(mean(told.map(({ age }) => age?.probability ?? 1))).toBeLessThan(
      mean(answers.map(({ age }) => age?.probability ?? 0)),
    );
    expect(mean(told.map(({ beauty }) => beauty?.probability ?? 1))).toBeLessThan(
      mean(answers.map(({ beauty }) => beauty?.probability ?? 0)),
    );
  });
});

describe('what is drawn on the people of the packaged photos', () => {
  it('sunglasses are told as such', async () => {
    const drawn = await drawnAnswers((mesh, random) => sunglassesShapes(mesh, 1, random));
    const sun = (list: readonly Attributes[]) =>
      list.filter(({ glasses }) => glasses?.value === Glasses.GLASSES_SUN).length / list.length;
    expect(sun(drawn)).toBeGreaterThanOrEqual(0.8);
    expect(sun(answers)).toBeLessThanOrEqual(0.1);
  });

  // These ten turn their heads in coloured light, unlike the people that were learned from: measured were 8 of the 9
  // that are still found (full), 6 of 10 (mouth; 3 more are told as full) and 4 of 10 (chin).
  const masks: readonly [DrawnMask, Mask, number][] = [
    ['full', Mask.MASK_FULL, 0.7],
    ['mouth', Mask.MASK_MOUTH, 0.5],
    ['chin', Mask.MASK_CHIN, 0.3],
  ];
  it.each(masks)('a mask worn so: %s, is told as such', async (worn, value, share) => {
    const drawn = await drawnAnswers((mesh, random) => maskShapes(mesh, worn, 1, random));
    const told = (mask: Mask) => drawn.filter((answer) => answer.mask?.value === mask).length / drawn.length;
    expect(drawn.length).toBeGreaterThanOrEqual(9);
    expect(told(value)).toBeGreaterThanOrEqual(share);
    if (worn !== 'chin') {
      expect(told(Mask.MASK_NONE) + told(Mask.MASK_CHIN)).toBeLessThanOrEqual(0.2);
    }
  });

  it('nobody wears a mask where none is drawn', () => {
    const bare = answers.filter(({ mask }) => mask?.value === Mask.MASK_NONE).length / answers.length;
    expect(bare).toBeGreaterThanOrEqual(0.9);
  });
});
