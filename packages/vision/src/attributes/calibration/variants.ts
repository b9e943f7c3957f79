import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../../image/rgb-image';
import type { Random } from '../../liveness/calibration/random';

/** Reads a photo whole. */
export async function readPhoto(path: string): Promise<RgbImage> {
  return decoded(sharp(path));
}

export async function mirrored(photo: RgbImage): Promise<RgbImage> {
  return decoded(raw(photo).flop());
}

/** The photo with its sides multiplied by `scale`. */
export async function scaled(photo: RgbImage, scale: number): Promise<RgbImage> {
  return decoded(
    raw(photo).resize(Math.round(photo.width * scale), Math.round(photo.height * scale), { fit: 'fill' }),
  );
}

/** The photo with an SVG drawing over it, coordinates in its pixels, pressed together again as JPEG. */
export async function drawnOver(photo: RgbImage, shapes: string, random: Random): Promise<RgbImage> {
  const { width, height } = photo;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
  const jpeg = await raw(photo)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: random.whole(72, 95) })
    .toBuffer();
  return decoded(sharp(jpeg));
}

function raw({ data, width, height }: RgbImage): sharp.Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function decoded(picture: sharp.Sharp): Promise<RgbImage> {
  const { data, info } = await picture
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgbImage(new Uint8Array(data), info.width, info.height);
}
