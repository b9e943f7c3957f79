import type { RgbImage } from '../image/rgb-image';
import { ellipseSpans } from './face-ellipse';
import { type Mark, onScale } from './scale';

/**
 * Mean luma of the face, and the brightness that stands for it. Of LFW's faces, which were lit to be published, one
 * in a hundred is darker than 74 and one in fifty brighter than 178: these are the ends of "normal".
 */
const SCALE: readonly Mark[] = [
  [0, 0],
  [70, 30],
  [180, 70],
  [255, 100],
];

/** How bright the face is, 0..100: 0-30 dark, 30-70 normal, 70-100 bright. Of `luma` (a RASTER_SIDE square). */
export function brightness(luma: Float32Array, { width, height }: RgbImage): number {
  const spans = ellipseSpans(width, height);
  let sum = 0;
  let pixels = 0;
  for (let row = 0; row < height; row++) {
    const last = spans[row * 2 + 1] ?? 0;
    for (let column = spans[row * 2] ?? 0; column <= last; column++) {
      sum += luma[row * width + column] ?? 0;
      pixels++;
    }
  }
  return onScale(SCALE, sum / pixels);
}
