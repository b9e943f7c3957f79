import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../../image/rgb-image';
import { blur, type Canvas, mapCanvas, toImage } from './canvas';
import type { GeneratorParameters } from './parameters';
import type { Random } from './random';

/** Takes the photo: focus, exposure, sensor noise, JPEG. The same for attacks and controls. */
export async function photograph(
  canvas: Canvas,
  parameters: GeneratorParameters,
  random: Random,
): Promise<RgbImage> {
  const focused = blur(canvas, random.between(...parameters.blurs));
  const exposure = random.between(0.8, 1.15);
  const noise = random.between(...parameters.noises);
  const grain = Float32Array.from({ length: 8191 }, () => noise * random.normal());
  mapCanvas(focused, (value) => value * exposure + (grain[random.whole(0, grain.length - 1)] ?? 0));
  return recompress(toImage(focused), random.pick(parameters.jpegQualities));
}

/** Writes and reads a JPEG. */
export async function recompress(image: RgbImage, quality: number): Promise<RgbImage> {
  const { data, width, height } = image;
  const file = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return decode(file);
}

/** Reads a JPEG as it is. */
export async function decode(file: Buffer | string): Promise<RgbImage> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgbImage(new Uint8Array(data), info.width, info.height);
}
