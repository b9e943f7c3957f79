import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodePhoto, type RgbImage, rgbImage } from '@mien/vision';
import sharp from 'sharp';
import { PHOTO_LIMITS } from './faces';
import { randomNumbers } from './random';

const SIZE = { width: 640, height: 480 } as const;
const PICTURES_PER_KIND = 30;

/** A picture that shows nobody. */
export interface Scene {
  readonly kind: string;
  readonly picture: RgbImage;
}

type Random = () => number;
type Drawing = (random: Random) => string;

/** Drawn scenes: what a detector may take for eyes, mouths, heads. */
const DRAWINGS: Readonly<Record<string, Drawing>> = {
  buttons: (random) => shapes(random, 40, () => ellipse(random, skin(random), 4, 60)),
  leaves: (random) => shapes(random, 900, () => ellipse(random, green(random), 3, 16)),
  windows: (random) => shapes(random, 12, () => building(random)),
  lettering: (random) => shapes(random, 24, () => line(random)),
  rings: (random) => shapes(random, 30, () => ring(random)),
};

/** Pixel by pixel: noise of every coarseness. */
const TEXTURES: Readonly<Record<string, (random: Random) => RgbImage>> = {
  noise: (random) => paint((set) => everyPixel(set, () => [random() * 255, random() * 255, random() * 255])),
  gradients: (random) => {
    const [from, to] = [colour(random), colour(random)];
    const slope = random();
    return paint((set) =>
      everyPixel(set, (x, y) => mix(from, to, (slope * x) / SIZE.width + ((1 - slope) * y) / SIZE.height)),
    );
  },
  clouds: (random) => clouds(random, [235, 240, 245], [70, 110, 170]),
  soil: (random) => clouds(random, [190, 150, 120], [60, 45, 35]),
};

/** Screenshots and a logo from an installed package. */
const PACKAGED = ['icon.png', 'screenshot-menu.png', 'screenshot-results.png', 'screenshot-typedoc.png'];

export function scenes(): number {
  return (Object.keys(DRAWINGS).length + Object.keys(TEXTURES).length) * PICTURES_PER_KIND + PACKAGED.length;
}

/** Pictures without people, the same on every run. */
export async function* picturesWithoutPeople(): AsyncGenerator<Scene> {
  for (let index = 0; index < PICTURES_PER_KIND; index++) {
    for (const [kind, draw] of Object.entries(DRAWINGS)) {
      yield { kind, picture: await rendered(draw(randomNumbers(index * 31 + kind.length))) };
    }
    for (const [kind, make] of Object.entries(TEXTURES)) {
      yield { kind, picture: make(randomNumbers(index * 37 + kind.length)) };
    }
  }
  const assets = join(dirname(require.resolve('@vladmandic/human/package.json')), 'assets');
  for (const name of PACKAGED) {
    yield { kind: name, picture: await decodePhoto(await readFile(join(assets, name)), PHOTO_LIMITS) };
  }
}

function rendered(svg: string): Promise<RgbImage> {
  return sharp(Buffer.from(svg))
    .png()
    .toBuffer()
    .then((png) => decodePhoto(png, PHOTO_LIMITS));
}

function shapes(random: Random, count: number, shape: () => string): string {
  const background = `<rect width="100%" height="100%" fill="${css(colour(random))}"/>`;
  const parts = Array.from({ length: count }, shape).join('');
  const { width, height } = SIZE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${background}${parts}</svg>`;
}

function ellipse(random: Random, fill: string, least: number, most: number): string {
  const radius = (): number => least + random() * (most - least);
  const [x, y] = [random() * SIZE.width, random() * SIZE.height];
  const turn = `rotate(${random() * 180} ${x} ${y})`;
  return `<ellipse cx="${x}" cy="${y}" rx="${radius()}" ry="${radius()}" fill="${fill}" transform="${turn}"/>`;
}

function ring(random: Random): string {
  const stroke = css(colour(random));
  const [x, y] = [random() * SIZE.width, random() * SIZE.height];
  const radius = 5 + random() * 60;
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="${stroke}" stroke-width="${1 + random() * 12}"/>`;
}

function building(random: Random): string {
  const [x, y] = [random() * SIZE.width, random() * SIZE.height * 0.7];
  const step = 8 + random() * 24;
  const windows = Array.from({ length: 48 }, (_, i) => {
    const side = step * 0.6;
    const [left, top] = [x + (i % 6) * step + step * 0.2, y + Math.floor(i / 6) * step + step * 0.2];
    return `<rect x="${left}" y="${top}" width="${side}" height="${side}" fill="${random() < 0.3 ? '#fe9' : '#234'}"/>`;
  });
  const wall = css(colour(random));
  return `<rect x="${x}" y="${y}" width="${step * 6.2}" height="${step * 8.2}" fill="${wall}"/>${windows.join('')}`;
}

function line(random: Random): string {
  const letters = Array.from({ length: 14 }, () => String.fromCharCode(33 + Math.floor(random() * 90)));
  const text = letters.map((letter) => `&#${letter.charCodeAt(0)};`).join('');
  const size = 8 + random() * 50;
  const [x, y] = [random() * SIZE.width * 0.7, random() * SIZE.height];
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="${css(colour(random))}">${text}</text>`;
}

type Colour = readonly [number, number, number];

function colour(random: Random): Colour {
  return [random() * 255, random() * 255, random() * 255];
}

function skin(random: Random): string {
  const light = 0.4 + random() * 0.6;
  return css([225 * light, 172 * light, 140 * light]);
}

function green(random: Random): string {
  const light = 0.3 + random() * 0.7;
  return css([90 * light, 160 * light, 60 * light]);
}

function css(rgb: Colour): string {
  return `rgb(${rgb.map((value) => Math.round(value)).join(',')})`;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const blend = (a: number, b: number): number => a + (b - a) * share;
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}

type SetPixel = (x: number, y: number, rgb: Colour) => void;

function paint(draw: (set: SetPixel) => void): RgbImage {
  const data = new Uint8Array(SIZE.width * SIZE.height * 3);
  draw((x, y, rgb) => {
    data.set(rgb, (y * SIZE.width + x) * 3);
  });
  return rgbImage(data, SIZE.width, SIZE.height);
}

function everyPixel(set: SetPixel, at: (x: number, y: number) => Colour): void {
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
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
