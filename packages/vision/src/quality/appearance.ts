import type { RgbImage } from '../image/rgb-image';

/** Numbers that describe the skin at one place: log luma, log red over green, log blue over green, log roughness. */
export const CHANNELS = 4;

/** Half the side of the square of raster pixels that a place is described by. */
const REACH = 2;

/** Added to 8-bit values before the logarithm: keeps the noise of dark pixels from counting. */
const FLOOR = 12;

/** Added to the roughness before the logarithm: what is smoother counts as smooth. */
const SMOOTH = 0.01;

/**
 * How a face looks at each of `positions` (x, y in turn, in pixels of `picture`): CHANNELS numbers each. In the
 * logarithm a change of light or of white balance adds the same to the whole face.
 */
export function appearanceAt(picture: RgbImage, positions: Float32Array): Float32Array {
  const places = positions.length / 2;
  const appearance = new Float32Array(places * CHANNELS);
  for (let place = 0; place < places; place++) {
    const x = Math.round(positions[place * 2] ?? 0);
    const y = Math.round(positions[place * 2 + 1] ?? 0);
    describe(picture, x, y, appearance, place * CHANNELS);
  }
  return appearance;
}

function describe(picture: RgbImage, x: number, y: number, into: Float32Array, at: number): void {
  const { data, width, height } = picture;
  const left = Math.min(Math.max(x - REACH, 0), width - 1);
  const right = Math.min(Math.max(x + REACH, 0), width - 1);
  const top = Math.min(Math.max(y - REACH, 0), height - 1);
  const bottom = Math.min(Math.max(y + REACH, 0), height - 1);
  let red = 0;
  let green = 0;
  let blue = 0;
  let squares = 0;
  for (let row = top; row <= bottom; row++) {
    let from = (row * width + left) * 3;
    for (let column = left; column <= right; column++, from += 3) {
      const r = data[from] ?? 0;
      const g = data[from + 1] ?? 0;
      const b = data[from + 2] ?? 0;
      red += r;
      green += g;
      blue += b;
      const y8 = 0.299 * r + 0.587 * g + 0.114 * b;
      squares += y8 * y8;
    }
  }
  const pixels = (right - left + 1) * (bottom - top + 1);
  const luma = (0.299 * red + 0.587 * green + 0.114 * blue) / pixels;
  const deviation = Math.sqrt(Math.max(0, squares / pixels - luma * luma));
  const logGreen = Math.log(green / pixels + FLOOR);
  into[at] = Math.log(luma + FLOOR);
  into[at + 1] = Math.log(red / pixels + FLOOR) - logGreen;
  into[at + 2] = Math.log(blue / pixels + FLOOR) - logGreen;
  into[at + 3] = Math.log(deviation / (luma + FLOOR) + SMOOTH);
}
