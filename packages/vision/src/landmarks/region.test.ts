import { invert, mapPoint } from '../image/affine';
import { rgbImage } from '../image/rgb-image';
import { regionMap } from './region';
import { regionPicture } from './region-picture';

const REGION = { x: 50, y: 40, side: 30, roll: Math.PI / 2 };

test('a region turned clockwise is drawn upright: its own up, the picture right, comes out on top', () => {
  const map = regionMap(REGION, 60);
  expect(mapPoint(map, 50, 40)).toEqual({ x: expect.closeTo(29.5), y: expect.closeTo(29.5) });
  expect(mapPoint(map, 60, 40)).toEqual({ x: expect.closeTo(29.5), y: expect.closeTo(9.5) });
  const back = mapPoint(invert(map), 29.5, 9.5);
  expect(back).toEqual({ x: expect.closeTo(60), y: expect.closeTo(40) });
});

test('mirrored swaps left and right alone', () => {
  const [plain, mirrored] = [regionMap(REGION, 60), regionMap(REGION, 60, true)];
  const [a, b] = [mapPoint(plain, 53, 46), mapPoint(mirrored, 53, 46)];
  expect(a.x + b.x).toBeCloseTo(59);
  expect(a.y).toBeCloseTo(b.y);
});

test('a region that shrinks a lot is averaged, not picked from', () => {
  const side = 256;
  const checks = new Uint8Array(side * side * 3).map((_, at) => {
    const pixel = Math.floor(at / 3);
    return ((pixel % side) + Math.floor(pixel / side)) % 2 === 0 ? 0 : 255;
  });
  const small = regionPicture(rgbImage(checks, side, side), { x: 127.5, y: 127.5, side, roll: 0.2 }, 32);
  const inside = small.data.filter(
    (_, at) => Math.abs(at / 3 / 32 - 16) < 8 && Math.abs(((at / 3) % 32) - 16) < 8,
  );
  expect(Math.min(...inside)).toBeGreaterThan(120);
  expect(Math.max(...inside)).toBeLessThan(136);
});
