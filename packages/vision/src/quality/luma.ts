import type { RgbImage } from '../image/rgb-image';

/** Brightness of each pixel, 0..255: ITU-R BT.601. */
export function lumaPlane(picture: RgbImage): Float32Array {
  const { data } = picture;
  const plane = new Float32Array(picture.width * picture.height);
  for (let at = 0, from = 0; at < plane.length; at++, from += 3) {
    plane[at] = 0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
  }
  return plane;
}
