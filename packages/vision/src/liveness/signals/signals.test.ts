import { defaultManifestPath, loadPack } from '@mien/models';
import { FaceDetector } from '../../detection/face-detector';
import { contextCrop } from '../../image/crop';
import { type RgbImage, rgbImage } from '../../image/rgb-image';
import { blur, mapCanvas, toCanvas, toImage } from '../calibration/canvas';
import { regionsOf } from '../face-to-judge';
import { packagedPhotos } from '../fixtures/packaged-people';
import type { CropRegions } from './regions';
import { measureSignals, type Signals } from './signals';

let crops: { image: RgbImage; regions: CropRegions }[];

beforeAll(async () => {
  const detector = await FaceDetector.open(loadPack(defaultManifestPath()), { threads: 1 });
  const photos = await packagedPhotos(detector);
  await detector.close();
  // The largest face of every other photo: enough for what is compared here.
  crops = [photos[0], photos[2], photos[4]].flatMap((photo) => {
    const [box] = photo?.faces ?? [];
    if (!photo || !box) {
      return [];
    }
    const context = contextCrop(photo.image, box);
    const regions = regionsOf({ box, photo: photo.image, context, liveness: context, mesh: [] });
    return [{ image: context.image, regions }];
  });
});

type Change = (value: number, channel: number, x: number, y: number, regions: CropRegions) => number;

/** The signal's mean over the faces, each crop changed pixel by pixel and blurred over the face. */
function meanSignal(name: keyof Signals, change?: Change, faceBlur = 0): number {
  const values = crops.map(({ image, regions }) => {
    const canvas = toCanvas(image);
    if (change) {
      mapCanvas(canvas, (value, channel, x, y) => change(value, channel, x, y, regions));
    }
    const soft = toImage(blur(canvas, faceBlur));
    return measureSignals(faceBlur > 0 ? pasted(toImage(canvas), soft, regions) : toImage(canvas), regions)[
      name
    ];
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The box of the face taken from another version of the crop. */
function pasted(image: RgbImage, face: RgbImage, { face: box }: CropRegions): RgbImage {
  const data = new Uint8Array(image.data);
  for (let y = Math.max(0, box.top); y < Math.min(image.height, box.bottom); y++) {
    const from = (y * image.width + box.left) * 3;
    data.set(face.data.subarray(from, from + (box.right - box.left) * 3), from);
  }
  return rgbImage(data, image.width, image.height);
}

/** Every value greater than the one before. */
function expectRising(values: readonly number[]): void {
  for (const [i, value] of values.slice(1).entries()) {
    expect(value).toBeGreaterThan(values[i] ?? Number.NaN);
  }
}

const wave = (depth: number, period: number): Change => {
  const k = (2 * Math.PI) / period;
  return (value, _channel, x, y) => value * (1 + depth * Math.cos(k * (x * 0.8 + y * 0.6)));
};

test('peaks grow with the depth of a fine raster', () => {
  expectRising([0, 0.04, 0.08, 0.16].map((depth) => meanSignal('lumaPeakFine', wave(depth, 3.3))));
});

test('peaks grow with the depth of coarse moire', () => {
  expectRising([0, 0.08, 0.16, 0.32].map((depth) => meanSignal('lumaPeakCoarse', wave(depth, 7))));
});

test('chroma peaks grow with the depth of coloured moire', () => {
  const coloured =
    (depth: number): Change =>
    (value, channel, x, y) =>
      value * (1 + depth * Math.cos((2 * Math.PI * (x * 0.6 - y * 0.8)) / 4 + channel * 2));
  expectRising([0, 0.04, 0.08, 0.16].map((depth) => meanSignal('chromaPeakFine', coloured(depth))));
});

test('noise makes no peaks', () => {
  const noise: Change = (value, channel, x, y) =>
    value + 12 * Math.sin(((x * 12.9898 + y * 78.233 + channel * 37.719) * 43758.5453) % (2 * Math.PI));
  expect(meanSignal('lumaPeakFine', noise)).toBeLessThan(meanSignal('lumaPeakFine', wave(0.08, 3.3)));
});

describe('a frame around the face', () => {
  const frame =
    (sides: (dx: number, dy: number) => boolean): Change =>
    (value, _channel, x, y, { face }) => {
      const dx = Math.max(face.left - x, x - face.right) / (face.right - face.left);
      const dy = Math.max(face.top - y, y - face.bottom) / (face.bottom - face.top);
      // Light inside, dark outside: an edge against any background.
      return sides(dx, dy) ? (Math.max(dx, dy) < 0.14 ? 235 : 20) : value;
    };
  const band = (d: number): boolean => d > 0.1 && d < 0.18;

  test('gives edges at its four sides', () => {
    const full = frame((dx, dy) => (band(dx) && dy < 0.18) || (band(dy) && dx < 0.18));
    for (const side of ['frameSides', 'frameTop', 'frameBottom', 'frameThird'] as const) {
      expect(meanSignal(side, full)).toBeGreaterThan(0.9);
      expect(meanSignal(side)).toBeLessThan(0.75);
    }
  });

  test('gives none below when only its sides are there', () => {
    const door = frame((dx) => band(dx));
    expect(meanSignal('frameSides', door)).toBeGreaterThan(0.9);
    expect(meanSignal('frameBottom', door)).toBeLessThan(0.75);
  });
});

test('highlights grow with a white patch on the face', () => {
  const patch =
    (size: number): Change =>
    (value, _channel, x, y, { face }) =>
      x - face.left < size * (face.right - face.left) && y - (face.top + face.bottom) / 2 < 0 ? 250 : value;
  expectRising([0, 0.3, 0.5, 0.8].map((size) => meanSignal('highlightFace', patch(size))));
});

test('black rises as a screen lifts it, white falls', () => {
  const lifted =
    (lift: number): Change =>
    (value) =>
      lift + value * (1 - (2 * lift) / 255);
  expectRising([0, 15, 30, 45].map((lift) => meanSignal('faceBlack', lifted(lift))));
  expectRising([45, 30, 15, 0].map((lift) => meanSignal('faceWhite', lifted(lift))));
});

test('chroma falls with the colours', () => {
  const faded = (keep: number) => {
    const values = crops.map(({ image, regions }) => {
      const data = image.data.map((value, i) => {
        const p = i - (i % 3);
        const grey =
          0.299 * (image.data[p] ?? 0) + 0.587 * (image.data[p + 1] ?? 0) + 0.114 * (image.data[p + 2] ?? 0);
        return grey + (value - grey) * keep;
      });
      return measureSignals(rgbImage(data, image.width, image.height), regions).faceChroma;
    });
    return values.reduce((sum, value) => sum + value, 0);
  };
  expectRising([0, 0.3, 0.6, 1].map(faded));
});

test('blueness rises with the blue of the face', () => {
  const bluer =
    (gain: number): Change =>
    (value, channel, x, y, { face }) =>
      channel === 2 && x >= face.left && x < face.right && y >= face.top && y < face.bottom
        ? value * gain
        : value;
  expectRising([0.8, 1, 1.2, 1.4].map((gain) => meanSignal('blueness', bluer(gain))));
});

test('a face more blurred than its surroundings shows, the more the stronger', () => {
  expectRising([0, 0.7, 1.2, 2].map((sigma) => meanSignal('sharpnessDifference', undefined, sigma)));
});
