import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodePhoto, type RgbImage } from '@mien/vision';
import sharp from 'sharp';
import { DRAWINGS } from './drawings';
import { PHOTO_LIMITS } from './faces';
import { randomNumbers } from './random';
import { TEXTURES } from './textures';

const PICTURES_PER_KIND = 30;

/** A picture that shows nobody. */
export interface Scene {
  readonly kind: string;
  readonly picture: RgbImage;
}

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
  const assets = join(dirname(require.resolve('@vladmandic/human')), '..', 'assets');
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
