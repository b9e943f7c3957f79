import { type RgbImage, rgbImage } from '../image/rgb-image';
import type { Box } from './box';

/** Clockwise turns of a photo that the rotation search tries, in degrees. */
export const TURNS = [0, 90, 180, 270] as const;

export type Turn = (typeof TURNS)[number];

/** The picture turned clockwise. */
export function turned(image: RgbImage, turn: Turn): RgbImage {
  if (turn === 0) {
    return image;
  }
  const { width, height } = image;
  const sideways = turn !== 180;
  const target = new Uint8Array(image.data.length);
  const targetWidth = sideways ? height : width;
  // Where source pixel (0, 0) goes, and how far one step to the right and one down move on the target.
  const [start, right, down] = {
    90: [height - 1, targetWidth, -1] as const,
    180: [width * height - 1, -1, -width] as const,
    270: [(width - 1) * targetWidth, -targetWidth, 1] as const,
  }[turn];
  let from = 0;
  for (let y = 0; y < height; y++) {
    let to = (start + y * down) * 3;
    for (let x = 0; x < width; x++, from += 3, to += right * 3) {
      target[to] = image.data[from] ?? 0;
      target[to + 1] = image.data[from + 1] ?? 0;
      target[to + 2] = image.data[from + 2] ?? 0;
    }
  }
  return rgbImage(target, targetWidth, sideways ? width : height);
}

/** A box of a picture that was turned clockwise, as a box of the picture before it, which is width x height. */
export function turnedBack(box: Box, turn: Turn, width: number, height: number): Box {
  switch (turn) {
    case 0:
      return { x: box.x, y: box.y, width: box.width, height: box.height };
    case 90:
      return { x: box.y, y: height - box.x - box.width, width: box.height, height: box.width };
    case 180:
      return {
        x: width - box.x - box.width,
        y: height - box.y - box.height,
        width: box.width,
        height: box.height,
      };
    case 270:
      return { x: width - box.y - box.height, y: box.x, width: box.height, height: box.width };
  }
}
