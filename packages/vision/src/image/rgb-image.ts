import { MienError } from '@mien/errors';

/** Decoded pixels: interleaved 8-bit RGB, row by row from the top left, width x height x 3 bytes. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export function rgbImage(data: Uint8Array, width: number, height: number): RgbImage {
  if (data.length !== width * height * 3) {
    throw new MienError('INTERNAL', `an RGB image of ${width}x${height} can't have ${data.length} bytes`);
  }
  return { data, width, height };
}
