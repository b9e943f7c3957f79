import { readFile } from 'node:fs/promises';
import { decodePhoto, type FaceDetector } from '@mien/vision';
import sharp from 'sharp';
import { packagedPhotos } from '../../photos/packaged';
import { ALL_FACES, type Box, PHOTO_LIMITS } from './faces';
import type { Scene } from './scene';

const SIDE = 400;
const STEP = 200;
const TURNS = [0, 90, 180, 270] as const;

/**
 * Windows of the packaged group photos that no face reaches into, each also turned: hands, hair, clothes, rooms. The
 * faces are those that the detector finds; `measurePackaged` checks that they are just the people in the photos.
 */
export async function surroundings(detector: FaceDetector): Promise<Scene[]> {
  const scenes: Scene[] = [];
  for (const { path } of packagedPhotos()) {
    const file = await readFile(path);
    const photo = await decodePhoto(file, PHOTO_LIMITS);
    const heads = (await detector.detect(photo, ALL_FACES)).map(({ box }) => headOf(box));
    for (let top = 0; top + SIDE <= photo.height; top += STEP) {
      for (let left = 0; left + SIDE <= photo.width; left += STEP) {
        if (!heads.some((head) => touches(head, left, top))) {
          scenes.push(...(await turnedWindows(file, left, top)));
        }
      }
    }
  }
  return scenes;
}

/** A face with hair, ears and chin. */
function headOf({ x, y, width, height }: Box): Box {
  return { x: x - width * 0.25, y: y - height * 0.25, width: width * 1.5, height: height * 1.4 };
}

function touches(head: Box, left: number, top: number): boolean {
  return (
    head.x < left + SIDE && head.x + head.width > left && head.y < top + SIDE && head.y + head.height > top
  );
}

async function turnedWindows(file: Buffer, left: number, top: number): Promise<Scene[]> {
  const window = await sharp(file).extract({ left, top, width: SIDE, height: SIDE }).png().toBuffer();
  return Promise.all(
    TURNS.map(async (turn) => ({
      kind: `surroundings turned by ${turn}`,
      picture: await decodePhoto(await sharp(window).rotate(turn).png().toBuffer(), PHOTO_LIMITS),
    })),
  );
}
