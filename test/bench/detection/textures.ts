import { type RgbImage, rgbImage } from '@mien/vision';
import { type Colour, colour, type Random, SCENE } from './scene';

/** Pictures made pixel by pixel: noise of every coarseness. */
export const TEXTURES: Readonly<Record<string, (random: Random) => RgbImage>> = {
  noise: (random) => paint((set) => everyPixel(set, () => [random() * 255, random() * 255, random() * 255])),
  gradients: (random) => {
    const [from, to] = [colour(random), colour(random)];
    const slope = random();
    return paint((set) =>
      everyPixel(set, (x, y) => mix(from, to, (slope * x) / SCENE.width + ((1 - slope) * y) / SCENE.height)),
    );
  },
  clouds: (random) => clouds(random, [235, 240, 245], [70, 110, 170]),
  soil: (random) => clouds(random, [190, 150, 120], [60, 45, 35]),
};

function mix(from: Colour, to: Colour, share: number): Colour {
  const blend = (a: number, b: number): number => a + (b - a) * share;
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}

type SetPixel = (x: number, y: number, rgb: Colour) => void;

function paint(draw: (set: SetPixel) => void): RgbImage {
  const data = new Uint8Array(SCENE.width * SCENE.height * 3);
  draw((x, y, rgb) => {
    data.set(rgb, (y * SCENE.width + x) * 3);
  });
  return rgbImage(data, SCENE.width, SCENE.height);
}

function everyPixel(set: SetPixel, at: (x: number, y: number) => Colour): void {
  for (let y = 0; y < SCENE.height; y++) {
    for (let x = 0; x < SCENE.width; x++) {
      set(x, y, at(x, y));
    }
  }
}

/** Value noise in six octaves. */
function clouds(random: Random, from: Colour, to: Colour): RgbImage {
  const grid = Float32Array.from({ length: 64 * 64 }, random);
  const value = (x: number, y: number): number => grid[(y & 63) * 64 + (x & 63)] ?? 0;
  const smooth = (x: number, y: number): number => {
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - x0, y - y0];
    const top = value(x0, y0) * (1 - fx) + value(x0 + 1, y0) * fx;
    const bottom = value(x0, y0 + 1) * (1 - fx) + value(x0 + 1, y0 + 1) * fx;
    return top * (1 - fy) + bottom * fy;
  };
  return paint((set) =>
    everyPixel(set, (x, y) => {
      let share = 0;
      for (let octave = 0; octave < 6; octave++) {
        share += smooth((x * 2 ** octave) / 160, (y * 2 ** octave) / 160) / 2 ** (octave + 1);
      }
      return mix(from, to, share);
    }),
  );
}
