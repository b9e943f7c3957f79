import { type Affine, compose } from '../image/affine';
import type { RgbImage } from '../image/rgb-image';
import { halve } from '../image/shrink';
import { warp } from '../image/warp';
import { type Region, regionMap } from './region';

/** From the pixels of a halved picture to those of the picture: pixel i covers pixels 2i and 2i + 1. */
const FROM_HALF: Affine = { a: 2, b: 0, c: 0.5, d: 0, e: 2, f: 0.5 };

/**
 * A region of a picture, drawn upright on a square of `size` pixels. A region that shrinks to less than half is
 * averaged down first, so that no detail is skipped over; a small one is enlarged bilinearly.
 */
export function regionPicture(picture: RgbImage, region: Region, size: number, mirrored = false): RgbImage {
  let source = picture;
  let map = regionMap(region, size, mirrored);
  let shrink = region.side / size;
  while (shrink > 2 && source.width > 1 && source.height > 1) {
    source = halve(source);
    map = compose(map, FROM_HALF);
    shrink /= 2;
  }
  return warp(source, map, size, size);
}
