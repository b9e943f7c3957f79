import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodePhoto, type RgbImage } from '@mien/vision';
import sharp from 'sharp';
import { DRAWINGS } from './drawings';
import { PHOTO_LIMITS } from './faces';
import { randomNumbers } from './random';
import type { Scene } from './scene';
import { TEXTURES } from './textures';

const PICTURES_PER_KIND = 30;

/** Screenshots and a logo from an installed package. */
const PACKAGED = ['icon.png', 'screenshot-menu.png', 'screenshot-results.png', 'screenshot-typedoc.png'];

/** Drawn and painted pictures without people and packaged ones, the same on every run. */
export async function picturesWithoutPeople(): Promise<Scene[]> {
  const scenes: Scene[] = [];
  for (let index = 0; index < PICTURES_PER_KIND; index++) {
    for (const [kind, draw] of Object.entries(DRAWINGS)) {
      scenes.push({ kind, picture: await rendered(draw(randomNumbers(index * 31 + kind.length))) });
    }
    for (const [kind, make] of Object.entries(TEXTURES)) {
      scenes.push({ kind, picture: make(randomNumbers(index * 37 + kind.length)) });
    }
  }
  const assets = join(dirname(require.resolve('@vladmandic/human')), '..', 'assets');
  for (const name of PACKAGED) {
    scenes.push({ kind: name, picture: await decodePhoto(await readFile(join(assets, name)), PHOTO_LIMITS) });
  }
  return scenes;
}

function rendered(svg: string): Promise<RgbImage> {
  return sharp(Buffer.from(svg))
    .png()
    .toBuffer()
    .then((png) => decodePhoto(png, PHOTO_LIMITS));
}
