import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { FaceDetector } from '../detection/face-detector';
import { shrinkWindow } from '../image/shrink';
import { type Attack, drawAttack } from './calibration/attacks';
import { areaUnderCurve } from './calibration/error-rates';
import { faceToJudge, nearestFace } from './calibration/faces';
import { photosOfPeople } from './calibration/lfw';
import { TEST } from './calibration/parameters';
import { Random } from './calibration/random';
import { readSources } from './calibration/samples';
import { type SourcePhoto, withoutWedges } from './calibration/source-photo';
import type { FaceToJudge } from './face-to-judge';
import { packagedPhotos, portrait } from './fixtures/packaged-people';
import { LivenessJudge } from './liveness-judge';

const LFW = process.env['LFW_DIR'] ?? join(__dirname, '../../../../../shared/data/lfw-view1');
const OPTIONS = { threads: 1 };
const pack = loadPack(defaultManifestPath());
const settings = pack.model('liveness').liveness;
const CROP = { factor: settings.cropScale, pixels: 128 };

let detector: FaceDetector;
let judge: LivenessJudge;
let photos: Awaited<ReturnType<typeof packagedPhotos>>;
let faces: FaceToJudge[];
let people: SourcePhoto[];

beforeAll(async () => {
  detector = await FaceDetector.open(pack, OPTIONS);
  judge = await LivenessJudge.open(pack, OPTIONS);
  photos = await packagedPhotos(detector);
  faces = photos.flatMap(({ image, faces }) => faces.map((box) => faceToJudge(image, box, CROP)));
  people = photos.flatMap(({ image, faces }) => faces.flatMap((face) => portrait(image, face) ?? []));
});

afterAll(async () => {
  await detector.close();
  await judge.close();
});

async function scoreOf({ image, face }: SourcePhoto): Promise<number> {
  const [liveness] = await judge.judge([faceToJudge(image, face, CROP)]);
  return liveness?.score ?? Number.NaN;
}

/** Scores of photos drawn of these people's photos; where the detector misses the face, the attack has failed. */
async function attackScores(attack: Attack, sources: readonly SourcePhoto[]): Promise<number[]> {
  const random = new Random(11);
  const scores: number[] = [];
  for (const source of sources) {
    const drawn = await drawAttack(attack, source, sources, TEST, random);
    const face = await nearestFace(detector, drawn.image, drawn.centre);
    scores.push(face ? await scoreOf({ image: drawn.image, face }) : 0);
  }
  return scores;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test('the packaged photos are judged, most of them as live', async () => {
  const answers = await judge.judge(faces);
  expect(answers).toHaveLength(22);
  for (const { score, live, threshold, refusalReason } of answers) {
    expect(refusalReason).toBe('');
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(100);
    expect(threshold).toBe(settings.threshold);
    expect(live).toBe(score >= threshold);
  }
  expect(answers.filter(({ live }) => live).length).toBeGreaterThanOrEqual(18);
});

test('many faces at once are judged as each alone', async () => {
  const together = await judge.judge(faces.slice(0, 5));
  for (const [i, face] of faces.slice(0, 5).entries()) {
    const [alone] = await judge.judge([face]);
    expect(alone?.score).toBeCloseTo(together[i]?.score ?? Number.NaN, 2);
  }
});

test('the threshold can be given', async () => {
  const [first] = await judge.judge(faces.slice(0, 1));
  const score = first?.score ?? 0;
  const decide = async (threshold: number) => (await judge.judge(faces.slice(0, 1), threshold))[0];
  expect(await decide(Math.max(0, score - 1))).toMatchObject({ live: true });
  expect(await decide(Math.min(100, score + 1))).toMatchObject({ live: score + 1 > 100 });
});

test('a face that is too small is refused', async () => {
  const [photo] = photos;
  if (!photo) {
    throw new Error('no photo');
  }
  const { image } = photo;
  const scale = 0.25;
  const small = shrinkWindow(image, {
    left: 0,
    top: 0,
    scale,
    width: Math.floor(image.width * scale),
    height: Math.floor(image.height * scale),
  });
  const found = await detector.detect(small, { minFaceSize: 20, maxFaces: 9, rotationSearch: false });
  expect(found).toHaveLength(3);
  for (const answer of await judge.judge(found.map(({ box }) => faceToJudge(small, box, CROP)))) {
    expect(answer).toMatchObject({ refusalReason: 'FACE_TOO_SMALL', live: false });
  }
});

describe('a photo cut through the face', () => {
  const cutAt = async (share: number): Promise<FaceToJudge> => {
    const [person] = people;
    if (!person) {
      throw new Error('no portrait');
    }
    const { image, face } = person;
    const width = Math.round(face.x + face.width * share);
    const cut = shrinkWindow(image, { left: 0, top: 0, scale: 1, width, height: image.height });
    return faceToJudge(cut, face, CROP);
  };

  test('is refused', async () => {
    const [answer] = await judge.judge([await cutAt(0.7)]);
    expect(answer).toMatchObject({ refusalReason: 'FACE_CUT_OFF', live: false });
  });

  test('is judged when only the rim of the face is missing', async () => {
    const [answer] = await judge.judge([await cutAt(0.95)]);
    expect(answer?.refusalReason).toBe('');
  });

  test('is refused by the mesh when the box ends at the edge', async () => {
    const face = await cutAt(0.95);
    const mesh = [0.2, 0.6, 1.2, 1.3].flatMap((x) => [x * face.photo.width, 100, 0]);
    const [answer] = await judge.judge([{ ...face, mesh }]);
    expect(answer).toMatchObject({ refusalReason: 'FACE_CUT_OFF', live: false });
  });
});

describe('the same people photographed from a drawn phone, sheet or monitor', () => {
  let sources: SourcePhoto[];
  let live: number[];

  beforeAll(async () => {
    sources = existsSync(LFW) ? await unseenPeople() : people.slice(0, 10);
    live = await Promise.all(sources.map(scoreOf));
  });

  test('score high before', () => {
    expect(sources.length).toBeGreaterThan(7);
    expect(mean(live)).toBeGreaterThan(settings.threshold + 20);
  });

  test.each(['phone', 'sheet', 'monitor'] as const)('score low from a %s', async (attack) => {
    const scores = await attackScores(attack, sources);
    expect(mean(scores)).toBeLessThan(settings.threshold);
    expect(areaUnderCurve(live, scores)).toBeGreaterThan(0.9);
  });
});

/** A few of LFW's people whom the calibration has not seen. */
async function unseenPeople(): Promise<SourcePhoto[]> {
  const files = photosOfPeople(LFW, 'test').filter((_, i) => i % 60 === 0);
  return (await readSources(files, detector)).flatMap((source) => withoutWedges(source) ?? []);
}

test('the pack carries the calibration that was measured', () => {
  const file = join(__dirname, '../../../../models/calibration/liveness/combination.json');
  const { threshold, combination } = settings;
  expect({ threshold, combination }).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});
