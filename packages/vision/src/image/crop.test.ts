import { contextCrop, livenessCrop } from './crop';
import { type RgbImage, rgbImage } from './rgb-image';
import { halve, shrinkWindow } from './shrink';

/** Red is the column and green the row, a quarter of a level to a pixel: read a pixel's colour, know its place. */
function mapPhoto(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set([x / 4, y / 4, 200], (y * width + x) * 3);
    }
  }
  return rgbImage(data, width, height);
}

/** Reproducible noise: neighbouring pixels have nothing in common. */
function noisyPhoto(width: number, height: number): RgbImage {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) & 255,
  );
  return rgbImage(data, width, height);
}

/** Mean red level of a square; what its border cuts counts in proportion. */
function meanOf(image: RgbImage, left: number, top: number, side: number): number {
  let [sum, weight] = [0, 0];
  for (let y = Math.floor(top); y < top + side; y++) {
    for (let x = Math.floor(left); x < left + side; x++) {
      const share =
        (Math.min(x + 1, left + side) - Math.max(x, left)) * (Math.min(y + 1, top + side) - Math.max(y, top));
      sum += share * (pixel(image, x, y)[0] ?? 0);
      weight += share;
    }
  }
  return sum / weight;
}

function pixel(image: RgbImage, x: number, y: number): number[] {
  const at = (y * image.width + x) * 3;
  return [...image.data.subarray(at, at + 3)];
}

describe('contextCrop', () => {
  const photo = mapPhoto(1000, 800);

  it('copies pixels unchanged where nothing is shrunk', () => {
    const crop = contextCrop(photo, { x: 300.3, y: 200.7, width: 80, height: 100 });
    expect([crop.image.width, crop.image.height, crop.scale]).toEqual([240, 240, 1]);
    expect([crop.left, crop.top]).toEqual([220, 131]);
    for (const [u, v] of [
      [0, 0],
      [239, 0],
      [100, 239],
    ] as const) {
      expect(pixel(crop.image, u, v)).toEqual(pixel(photo, crop.left + u, crop.top + v));
    }
  });

  it('brings a large face down to 160 pixels and says where each of its pixels lies', () => {
    const crop = contextCrop(photo, { x: 400, y: 250, width: 300, height: 320 });
    expect([crop.image.width, crop.scale]).toEqual([384, 0.5]);
    for (const [u, v] of [
      [10, 20],
      [200, 100],
      [383, 383],
    ] as const) {
      const x = crop.left + u / crop.scale;
      const y = crop.top + v / crop.scale;
      const [red = 0, green = 0] = pixel(crop.image, u, v);
      expect(Math.abs(red - Math.floor(x / 4))).toBeLessThanOrEqual(1);
      expect(Math.abs(green - Math.floor(y / 4))).toBeLessThanOrEqual(1);
    }
    // Centred on the box: 550, 410 in pixel edges, half a pixel less in pixel centres.
    expect(crop.left + 191.5 / crop.scale).toBeCloseTo(549.5, 6);
    expect(crop.top + 191.5 / crop.scale).toBeCloseTo(409.5, 6);
  });

  it('is black outside the photo', () => {
    const crop = contextCrop(photo, { x: -20, y: -20, width: 100, height: 100 });
    expect(pixel(crop.image, 0, 0)).toEqual([0, 0, 0]);
    expect(pixel(crop.image, -crop.left, -crop.top)).toEqual([0, 0, 200]);
  });

  it('averages what it shrinks: a fine chequerboard becomes grey', () => {
    const board = rgbImage(
      Uint8Array.from({ length: 900 * 900 * 3 }, (_, i) =>
        ((Math.floor(i / 3) % 900) + Math.floor(i / 2700)) % 2 === 0 ? 0 : 254,
      ),
      900,
      900,
    );
    const crop = contextCrop(board, { x: 300, y: 300, width: 300, height: 300 });
    const values = new Set(crop.image.data.subarray(0, 3000));
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(40);
  });
});

describe('livenessCrop', () => {
  const photo = mapPhoto(1000, 800);

  it('lies inside the photo, moved there rather than cut', () => {
    const { image, left, top, scale } = livenessCrop(
      photo,
      { x: 10, y: 700, width: 80, height: 90 },
      2.7,
      128,
    );
    expect([image.width, image.height]).toEqual([128, 128]);
    expect(scale).toBeCloseTo(128 / 243, 9);
    const half = 0.5 / scale - 0.5;
    expect(left).toBeCloseTo(half, 6);
    expect(top + half + 127 / scale + 1).toBeCloseTo(800, 0);
    expect(image.data.some((value, i) => i % 3 === 2 && value < 199)).toBe(false);
  });

  it('shrinks to the photo when it would be larger', () => {
    const { scale, left } = livenessCrop(photo, { x: 300, y: 100, width: 500, height: 600 }, 2.7, 128);
    expect(scale).toBeCloseTo(128 / 800, 9);
    expect(left).toBeCloseTo(150 + 0.5 / scale - 0.5, 6);
  });

  it('enlarges a small face smoothly', () => {
    const { image, scale, left } = livenessCrop(photo, { x: 500, y: 400, width: 20, height: 24 }, 2.7, 128);
    expect(scale).toBeCloseTo(128 / 64.8, 6);
    const [red = 0] = pixel(image, 64, 64);
    expect(Math.abs(red - (left + 64 / scale) / 4)).toBeLessThan(1);
  });
});

describe('shrinking', () => {
  it('keeps the mean of a picture', () => {
    const photo = mapPhoto(200, 120);
    const small = shrinkWindow(photo, { left: 0, top: 0, scale: 0.37, width: 74, height: 44 });
    const mean = (image: RgbImage, channel: number): number =>
      image.data.reduce((sum, value, i) => (i % 3 === channel ? sum + value : sum), 0) /
      (image.data.length / 3);
    expect(Math.abs(mean(small, 0) - mean(photo, 0))).toBeLessThan(0.6);
    expect(Math.abs(mean(small, 2) - 200)).toBeLessThan(0.1);
  });

  it.each([
    ['inside', 100, 60],
    ['partly outside, at odd places', -31, -17],
    ['between pixels', 33.4, 21.7],
  ])('halves first where it shrinks a lot, and averages the same: %s', (_, left, top) => {
    const photo = noisyPhoto(401, 301);
    const window = { left, top, scale: 0.4, width: 140, height: 120 };
    const small = shrinkWindow(photo, window);
    let furthest = 0;
    for (const [u, v] of [
      [20, 10],
      [70, 60],
      [100, 90],
    ] as const) {
      const mean = meanOf(photo, left + u / 0.4, top + v / 0.4, 20 / 0.4);
      furthest = Math.max(furthest, Math.abs(mean - meanOf(small, u, v, 20)));
    }
    expect(furthest).toBeLessThan(1);
  });

  it('is black outside where it shrinks a lot, up to the last odd column', () => {
    const white = rgbImage(new Uint8Array(401 * 301 * 3).fill(255), 401, 301);
    const { data, width } = shrinkWindow(white, { left: -40, top: 0, scale: 0.25, width: 120, height: 60 });
    const row = Array.from({ length: width }, (_, u) => data[(30 * width + u) * 3]);
    expect(row.slice(0, 10).every((level) => level === 0)).toBe(true);
    expect(row.slice(10, 110).every((level) => level === 255)).toBe(true);
    expect(row.slice(111).every((level) => level === 0)).toBe(true);
  });

  it('halves by the mean of four, leaving out an odd last column', () => {
    const image = rgbImage(Uint8Array.from([1, 0, 0, 2, 0, 0, 9, 9, 9, 3, 0, 0, 5, 0, 0, 9, 9, 9]), 3, 2);
    expect([...halve(image).data]).toEqual([3, 0, 0]);
  });
});
