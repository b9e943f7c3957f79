import type { MienClient } from '@mien/sdk';
import sharp from 'sharp';
import { type PackagedPhoto, packagedPhotos } from './packaged';

/** Longer side of the pictures in pixels, unless given. */
const SIDE = 240;
/** Room around the face, in widths of its box. */
const MARGIN = 1;

/** Each person of the photos, 22 in all packaged ones, in a picture alone, whose longer side has so many pixels. */
export async function singleFaces(
  client: MienClient,
  side = SIDE,
  photos: readonly PackagedPhoto[] = packagedPhotos(),
): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (const { path } of photos) {
    const { faces, imageWidth, imageHeight } = await client.detect(path);
    for (const { box } of faces) {
      if (box !== undefined) {
        pictures.push(await cutOut(path, box, imageWidth, imageHeight, side));
      }
    }
  }
  return pictures;
}

/** The face with some room around it, without whoever else is in the photo. */
export async function cutOut(
  photo: string | Buffer,
  box: { x: number; y: number; width: number; height: number },
  imageWidth: number,
  imageHeight: number,
  side = SIDE,
): Promise<Buffer> {
  const left = Math.max(0, Math.floor(box.x - box.width * MARGIN));
  const top = Math.max(0, Math.floor(box.y - box.height * MARGIN));
  const width = Math.min(imageWidth - left, Math.ceil(box.width * (1 + 2 * MARGIN)));
  const height = Math.min(imageHeight - top, Math.ceil(box.height * (1 + 2 * MARGIN)));
  const region = { left, top, width, height };
  return sharp(photo)
    .rotate()
    .extract(region)
    .resize({ width: side, height: side, fit: 'inside' })
    .png()
    .toBuffer();
}

/** The same person in another picture: as bright as the number says. */
export function variant(picture: Buffer, number: number): Promise<Buffer> {
  return sharp(picture)
    .modulate({ brightness: 0.9 + (number % 21) / 100 })
    .jpeg({ quality: 90 })
    .toBuffer();
}
