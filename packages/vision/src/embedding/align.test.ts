import { type Affine, mapPoint } from '../image/affine';
import { type RgbImage, rgbImage } from '../image/rgb-image';
import { type AlignmentPoint, alignFace, similarityTransform } from './align';

const TEMPLATE: readonly AlignmentPoint[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/** Turned by `angle`, scaled and shifted. */
function turn(angle: number, scale: number, shift: AlignmentPoint): Affine {
  const a = Math.cos(angle) * scale;
  const d = Math.sin(angle) * scale;
  return { a, b: -d, c: shift.x, d, e: a, f: shift.y };
}

function picture(width: number, height: number, value: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / 3);
    data[at] = value(pixel % width, Math.floor(pixel / width));
  }
  return rgbImage(data, width, height);
}

function squaredDistance(
  map: Affine,
  from: readonly AlignmentPoint[],
  to: readonly AlignmentPoint[],
): number {
  return from.reduce((sum, { x, y }, index) => {
    const mapped = mapPoint(map, x, y);
    const target = to[index] ?? mapped;
    return sum + (mapped.x - target.x) ** 2 + (mapped.y - target.y) ** 2;
  }, 0);
}

test.each([
  [0, 1],
  [0.4, 1.7],
  [-2.5, 0.3],
  [Math.PI, 12],
])('points turned by %d and scaled by %d are brought back exactly', (angle, scale) => {
  const map = turn(angle, scale, { x: 130, y: -45 });
  const from = TEMPLATE.map(({ x, y }) => mapPoint(map, x, y));
  const back = similarityTransform(from, TEMPLATE);
  for (const [index, { x, y }] of from.entries()) {
    const mapped = mapPoint(back, x, y);
    expect(mapped.x).toBeCloseTo(TEMPLATE[index]?.x ?? Number.NaN, 6);
    expect(mapped.y).toBeCloseTo(TEMPLATE[index]?.y ?? Number.NaN, 6);
  }
});

test('for points that do not fit, no other turn, scale or shift comes nearer', () => {
  const from = TEMPLATE.map(({ x, y }, index) => ({ x: 2 * x + (index % 2 ? -4 : 7), y: 2 * y + index * 3 }));
  const best = similarityTransform(from, TEMPLATE);
  const least = squaredDistance(best, from, TEMPLATE);
  const step = 1e-3;
  const others: Affine[] = [
    { ...best, a: best.a + step, e: best.e + step },
    { ...best, a: best.a - step, e: best.e - step },
    { ...best, b: best.b - step, d: best.d + step },
    { ...best, b: best.b + step, d: best.d - step },
    { ...best, c: best.c + step },
    { ...best, c: best.c - step },
    { ...best, f: best.f + step },
    { ...best, f: best.f - step },
  ];
  expect(least).toBeGreaterThan(1);
  for (const other of others) {
    expect(squaredDistance(other, from, TEMPLATE)).toBeGreaterThan(least);
  }
});

test('a face that lies on the template already comes out pixel for pixel', () => {
  const source = picture(112, 112, (x, y) => (x * 7 + y * 13) % 256);
  expect([...alignFace(source, TEMPLATE).data]).toEqual([...source.data]);
});

test('an upside-down face is put upright', () => {
  const source = picture(112, 112, (x, y) => (x * 7 + y * 13) % 256);
  const points = TEMPLATE.map(({ x, y }) => ({ x: 111 - x, y: 111 - y }));
  const expected = picture(112, 112, (x, y) => ((111 - x) * 7 + (111 - y) * 13) % 256);
  expect([...alignFace(source, points).data]).toEqual([...expected.data]);
});

test('the template grows with the side asked for', () => {
  const source = picture(224, 224, (x, y) => Math.min(255, x + Math.floor(y / 8)));
  const points = TEMPLATE.map(({ x, y }) => ({ x: 2 * x + 0.5, y: 2 * y + 0.5 }));
  expect([...alignFace(source, points, 224).data]).toEqual([...source.data]);
});

test.each([2, 3.7])('a fine pattern in a face %d times as large is averaged away', (times) => {
  const side = Math.ceil(112 * times);
  const stripes = picture(side, side, (x, y) => ((x + y) % 2) * 200);
  const points = TEMPLATE.map(({ x, y }) => ({ x: x * times, y: y * times }));
  const aligned = alignFace(stripes, points);
  const inner: number[] = [];
  for (let y = 8; y < 104; y++) {
    for (let x = 8; x < 104; x++) {
      inner.push(aligned.data[(y * 112 + x) * 3] ?? 0);
    }
  }
  expect(Math.min(...inner)).toBeGreaterThan(70);
  expect(Math.max(...inner)).toBeLessThan(130);
});

test('points that are too few or all in one place are refused', () => {
  const source = picture(20, 20, () => 0);
  expect(() => alignFace(source, TEMPLATE.slice(1))).toThrow(/5 points, not 4/);
  expect(() =>
    alignFace(
      source,
      Array.from({ length: 5 }, () => ({ x: 3, y: 3 })),
    ),
  ).toThrow(/do not span/);
});
