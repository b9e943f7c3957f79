import { defaultManifestPath, loadPack } from '@mien/models';
import { mapPoint } from '../image/affine';
import { rgbImage } from '../image/rgb-image';
import { warp } from '../image/warp';
import type { FaceGeometry } from './face-geometry';
import { packagedFaces } from './fixtures/packaged-faces';
import { headPose } from './head-pose';
import { alignmentPoints, faceLandmarks } from './landmarks';
import { LandmarkLocator, type LocateInput } from './locator';
import { distance, type Position } from './mesh';
import { openness } from './openness';
import { regionMap } from './region';

/** Which of the 22 faces is seen from the side. */
const PROFILE = 3;

let locator: LandmarkLocator;
let faces: LocateInput[];
let found: FaceGeometry[];

beforeAll(async () => {
  locator = await LandmarkLocator.open(loadPack(defaultManifestPath()), { threads: 1 });
  // The woman in full profile (she hides half her face) has a test of her own.
  faces = (await packagedFaces()).filter((_, index) => index !== PROFILE);
  found = await locator.locate(faces);
});

afterAll(() => locator.close());

/** Positions with the head's roll taken out, so that "above" and "left" are the face's own. */
function upright(geometry: FaceGeometry, points: readonly Position[]): Position[] {
  const map = regionMap({ x: 0, y: 0, side: 1, roll: (headPose(geometry.mesh).roll * Math.PI) / 180 }, 1);
  return points.map(({ x, y }) => mapPoint(map, x, y));
}

function eyeDistance(geometry: FaceGeometry): number {
  const [left, right] = alignmentPoints(geometry);
  return left && right ? distance(left, right) : Number.NaN;
}

function rising(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0));
}

/** The same face in its picture turned clockwise by `degrees`, and where a point of it goes. */
function turned(face: LocateInput, degrees: number, rotation: number) {
  const { width, height } = face.picture;
  const roll = (-degrees * Math.PI) / 180;
  const middle = { x: (width - 1) / 2, y: (height - 1) / 2 };
  const map = regionMap({ ...middle, side: width, roll }, width);
  const centre = mapPoint(map, face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
  const side = Math.max(face.box.width, face.box.height);
  const input: LocateInput = {
    picture: warp(face.picture, map, width, height),
    box: { x: centre.x - side / 2, y: centre.y - side / 2, width: side, height: side },
    rotation,
  };
  return { input, map };
}

function mirrored(face: LocateInput): LocateInput {
  const { width, height } = face.picture;
  return {
    ...face,
    picture: warp(face.picture, { a: -1, b: 0, c: width - 1, d: 0, e: 1, f: 0 }, width, height),
    box: { ...face.box, x: width - 1 - face.box.x - face.box.width },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** An angle in -180..180. */
function wrapped(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

describe('the 90 points of 21 faces', () => {
  test('come in nine groups of the documented sizes', () => {
    const sizes = Object.values(faceLandmarks(found[0] ?? fail())).map((group) => group.length);
    expect(sizes).toEqual([21, 8, 8, 8, 8, 22, 13, 1, 1]);
  });

  test('lie inside their picture, every face believed in', () => {
    expect(found).toHaveLength(21);
    for (const [index, geometry] of found.entries()) {
      const size = faces[index]?.picture.width ?? 0;
      expect(geometry.presence).toBeGreaterThan(0.99);
      for (const { x, y } of Object.values(faceLandmarks(geometry)).flat()) {
        expect(Math.min(x, y)).toBeGreaterThan(0);
        expect(Math.max(x, y)).toBeLessThan(size);
      }
    }
  });

  test('have the documented order and side', () => {
    for (const geometry of found) {
      const groups = faceLandmarks(geometry);
      const [profile, leftEye, rightEye, leftBrow, rightBrow, mouth, nose] = [
        groups.faceProfile,
        groups.leftEye,
        groups.rightEye,
        groups.leftEyebrow,
        groups.rightEyebrow,
        groups.mouth,
        groups.nose,
      ].map((group) => upright(geometry, group));
      if (!profile || !leftEye || !rightEye || !leftBrow || !rightBrow || !mouth || !nose) throw fail();
      const xs = (points: Position[], indexes: number[]) => indexes.map((i) => points[i]?.x ?? Number.NaN);
      const ys = (points: Position[], indexes: number[]) => indexes.map((i) => points[i]?.y ?? Number.NaN);
      // Contour: chin lowest but for a strong tilt, left temple left of the right one, down and up again.
      expect(rising(ys(profile, [0, 2, 4, 6, 8, 10]))).toBe(true);
      expect(rising(ys(profile, [20, 18, 16, 14, 12]))).toBe(true);
      expect(rising(xs(profile, [5, 8, 10, 12, 15]))).toBe(true);
      // Outer to inner corner goes inward on both sides; lower lid below upper lid.
      expect(rising(xs(leftEye, [0, 2, 4]))).toBe(true);
      expect(rising(xs(rightEye, [4, 2, 0]))).toBe(true);
      expect(rising(xs(leftEye, [7, 6, 5]))).toBe(true);
      expect(rising(xs(rightEye, [5, 6, 7]))).toBe(true);
      const { leftEye: leftOpen, rightEye: rightOpen } = openness(geometry);
      if (leftOpen > 0.1) expect(rising(ys(leftEye, [6, 2]))).toBe(true);
      if (rightOpen > 0.1) expect(rising(ys(rightEye, [6, 2]))).toBe(true);
      // Brows: outer end first, lower edge before upper edge, above the eye.
      expect(rising(xs(leftBrow, [0, 1, 2, 3]))).toBe(true);
      expect(rising(xs(rightBrow, [3, 2, 1, 0]))).toBe(true);
      for (const [brow, eye] of [[leftBrow, leftEye] as const, [rightBrow, rightEye] as const]) {
        expect(rising(ys(brow, [6, 2]))).toBe(true);
        expect(rising(ys(brow, [5, 3]))).toBe(true);
        expect(brow[2]?.y).toBeLessThan(eye[6]?.y ?? 0);
      }
      // Mouth: lower edge left to right, upper edge right to left, then the same inside.
      expect(rising(xs(mouth, [0, 1, 2, 3, 4, 5, 6]))).toBe(true);
      expect(rising(xs(mouth, [11, 10, 9, 8, 7]))).toBe(true);
      expect(rising(xs(mouth, [12, 13, 14, 15, 16]))).toBe(true);
      expect(rising(xs(mouth, [21, 20, 19, 18, 17]))).toBe(true);
      expect(rising(ys(mouth, [9, 19]))).toBe(true);
      expect(rising(ys(mouth, [14, 3]))).toBe(true);
      // Nose: bridge above the tip, sides downward on the left and upward on the right, base left to right.
      expect(rising(ys(nose, [1, 0, 7]))).toBe(true);
      expect(rising(ys(nose, [2, 3, 4, 5]))).toBe(true);
      expect(rising(ys(nose, [12, 11, 10, 9]))).toBe(true);
      expect(rising(xs(nose, [6, 7, 8]))).toBe(true);
      expect(rising([...xs(nose, [5]), ...xs(nose, [9])])).toBe(true);
    }
  });

  test('have the irises between the corners of their eyes', () => {
    for (const geometry of found) {
      const { leftEye, rightEye, leftPupil, rightPupil } = faceLandmarks(geometry);
      for (const [eye, pupil] of [[leftEye, leftPupil] as const, [rightEye, rightPupil] as const]) {
        const [outer, inner, iris] = [eye[0], eye[4], pupil[0]];
        if (!outer || !inner || !iris) throw fail();
        const middle = { x: (outer.x + inner.x) / 2, y: (outer.y + inner.y) / 2 };
        expect(distance(middle, iris)).toBeLessThan(distance(outer, inner) / 2);
      }
    }
  });
});

describe('a face that is turned, mirrored or small', () => {
  test.each([20, -35, 90, -90, 180, 115])(
    'turned by %d degrees: points and roll follow, pitch and yaw stay',
    async (degrees) => {
      const turns = faces.map((face, index) => {
        // The detector sees a face upright at the nearest quarter turn.
        const roll = headPose(found[index]?.mesh ?? fail()).roll + degrees;
        return turned(face, degrees, (((Math.round(-roll / 90) * 90) % 360) + 360) % 360);
      });
      const again = await locator.locate(turns.map(({ input }) => input));
      const changes = found.map((geometry, index) => {
        const other = again[index] ?? fail();
        const points = alignmentPoints(other);
        const shifts = alignmentPoints(geometry).map(({ x, y }, at) =>
          distance(mapPoint(turns[index]?.map ?? fail(), x, y), points[at] ?? fail()),
        );
        const [before, after] = [headPose(geometry.mesh), headPose(other.mesh)];
        return {
          shift: Math.max(...shifts) / eyeDistance(geometry),
          roll: Math.abs(wrapped(after.roll - before.roll - degrees)),
          yaw: Math.abs(after.yaw - before.yaw),
          pitch: Math.abs(after.pitch - before.pitch),
        };
      });
      expect(Math.max(...changes.map(({ roll }) => roll))).toBeLessThan(3);
      expect(Math.max(...changes.map(({ shift }) => shift))).toBeLessThan(0.2);
      expect(mean(changes.map(({ yaw }) => yaw))).toBeLessThan(2);
      expect(mean(changes.map(({ pitch }) => pitch))).toBeLessThan(2);
    },
  );

  test('mirrored: yaw and roll change sign, left and right change places', async () => {
    const again = await locator.locate(faces.map(mirrored));
    const yawErrors: number[] = [];
    for (const [index, geometry] of found.entries()) {
      const other = again[index] ?? fail();
      const size = faces[index]?.picture.width ?? 0;
      const [before, after] = [headPose(geometry.mesh), headPose(other.mesh)];
      yawErrors.push(Math.abs(after.yaw + before.yaw));
      expect(Math.abs(after.roll + before.roll)).toBeLessThan(3);
      expect(Math.abs(after.pitch - before.pitch)).toBeLessThan(6);
      const [left] = alignmentPoints(geometry);
      const [, right] = alignmentPoints(other);
      if (!left || !right) throw fail();
      expect(distance({ x: size - 1 - left.x, y: left.y }, right) / eyeDistance(geometry)).toBeLessThan(0.1);
    }
    expect(mean(yawErrors)).toBeLessThan(3);
    expect(Math.max(...yawErrors)).toBeLessThan(12);
  });

  test.each([
    [40, 21],
    [24, 19],
  ])(
    '%d px large: the alignment points of %d faces of 21 stay within an eighth of the eye distance',
    async (side, least) => {
      const small = (await packagedFaces(side)).filter((_, index) => index !== PROFILE);
      const again = await locator.locate(small);
      const near = found.filter((geometry, index) => {
        const scale = (small[index]?.box.width ?? 0) / (faces[index]?.box.width ?? 1);
        const other = alignmentPoints(again[index] ?? fail());
        const shifts = alignmentPoints(geometry).map((point, at) =>
          distance({ x: point.x * scale, y: point.y * scale }, other[at] ?? fail()),
        );
        return mean(shifts) < (eyeDistance(geometry) * scale) / 8;
      });
      expect(near.length).toBeGreaterThanOrEqual(least);
    },
  );
});

test('a full profile is located on the side that it shows, with little belief', async () => {
  const [profile] = await locator.locate((await packagedFaces()).slice(PROFILE, PROFILE + 1));
  if (!profile) throw fail();
  expect(headPose(profile.mesh).yaw).toBeLessThan(-45);
  expect(profile.presence).toBeLessThan(0.5);
});

test('a face located alone gives what it gives in a batch', async () => {
  const [alone] = await locator.locate(faces.slice(18, 19));
  const together = found[18] ?? fail();
  alone?.mesh.forEach((value, at) => {
    expect(Math.abs(value - (together.mesh[at] ?? 0))).toBeLessThan(0.01);
  });
});

test('no face gives an empty answer, and a picture without one a low presence', async () => {
  expect(await locator.locate([])).toEqual([]);
  const flat = rgbImage(new Uint8Array(200 * 200 * 3).fill(128), 200, 200);
  const [nothing] = await locator.locate([
    { picture: flat, box: { x: 60, y: 60, width: 80, height: 80 }, rotation: 0 },
  ]);
  expect(nothing?.presence).toBeLessThan(0.1);
});

test('shut eyes count as shut, open eyes and mouths as open', () => {
  // The first woman of the first photo looks down with her lids lowered; the clown beside her looks at us.
  const [shut, open] = [openness(found[0] ?? fail()), openness(found[1] ?? fail())];
  expect(Math.max(shut.leftEye, shut.rightEye)).toBeLessThan(0.25);
  expect(Math.min(open.leftEye, open.rightEye)).toBeGreaterThan(0.3);
});

function fail(): never {
  throw new Error('missing');
}
