import type { RgbImage } from '../../image/rgb-image';

/** One number per pixel, row by row. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Reads a pixel; the caller stays inside. */
export function at(plane: Plane, x: number, y: number): number {
  return plane.data[y * plane.width + x] ?? 0;
}

/** A weighted sum of the channels per pixel: 0..255 for luma weights, around 0 for a colour difference. */
export function channelMix(image: RgbImage, red: number, green: number, blue: number): Plane {
  const { data, width, height } = image;
  const plane = new Float32Array(width * height);
  for (let i = 0, p = 0; i < plane.length; i++, p += 3) {
    plane[i] = red * (data[p] ?? 0) + green * (data[p + 1] ?? 0) + blue * (data[p + 2] ?? 0);
  }
  return { data: plane, width, height };
}

/** ITU-R BT.601 luma, the one that JPEG uses. */
export function luma(image: RgbImage): Plane {
  return channelMix(image, 0.299, 0.587, 0.114);
}
