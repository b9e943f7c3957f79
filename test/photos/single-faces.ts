import type { MienClient } from '@mien/sdk';
import sharp from 'sharp';
import { packagedPhotos } from './packaged';

/** Side of the pictures, in pixels. */
const SIDE = 240;
/** Room around the face, in widths of its box. */
const MARGIN = 1;

/** Each of the 22 people of the packaged photos in a small picture alone. */
export async function singleFaces(client: MienClient): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (const { path } of packagedPhotos()) {
    const { faces, imageWidth, imageHeight } = await client.detect(path);
    for (const { box } of faces) {
      if (box !== undefined) {
        pictures.push(await cutOut(path, box, imageWidth, imageHeight));
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
): Promise<Buffer> {
  const left = Math.max(0, Math.floor(box.x - box.width * MARGIN));
  const top = Math.max(0, Math.floor(box.y - box.height * MARGIN));
  const width = Math.min(imageWidth - left, Math.ceil(box.width * (1 + 2 * MARGIN)));
  const height = Math.min(imageHeight - top, Math.ceil(box.height * (1 + 2 * MARGIN)));
  const region = { left, top, width, height };
  return sharp(photo)
    .rotate()
    .extract(region)
    .resize({ width: SIDE, height: SIDE, fit: 'inside' })
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
