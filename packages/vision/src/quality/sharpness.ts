import type { RgbImage } from '../image/rgb-image';
import { ellipseSpans } from './face-ellipse';
import { type Mark, onScale } from './scale';

/** Distance between the taps of the smoothing in turn: each doubles the size of the details that are left over. */
const TAP_DISTANCES = [1, 2, 4, 8] as const;

/** Share of the second finest band: alone, the finest drowns in rounding once the face is very blurred. */
const SECOND_BAND = 0.1;

/** Mean square of what rounding to 8 bits leaves in the finest band of a face without any detail there. */
const ROUNDING = 0.05;

/** log10 of fine against coarse detail, and the sharpness that stands for it; see models/cards/quality.md. */
const SCALE: readonly Mark[] = [
  [-2.8, 0],
  [-2.15, 40],
  [-1.8, 60],
  [-1.5, 80],
  [-1.1, 100],
];

/**
 * How sharp a face is, 0..100, from the `luma` of its raster (of `size`): how much of its detail is fine. A Gaussian blur takes away fine
 * detail before coarse, so the figure falls with every further blur; contrast and brightness cancel out. An
 * enlarged face has no fine detail and counts as blurred. Noise and very strong JPEG blocks look like fine detail.
 */
export function sharpness(luma: Float32Array, size: RgbImage): number {
  const [finest, fine, coarse, coarsest] = bandEnergies(luma, size);
  const detail = Math.max(0, finest - ROUNDING) + SECOND_BAND * fine;
  const rest = coarse + coarsest;
  return detail > 0 && rest > 0 ? onScale(SCALE, Math.log10(detail / rest)) : 0;
}

/** Mean squares of what each smoothing takes away, inside the ellipse: an à-trous pyramid of binomial filters. */
function bandEnergies(luma: Float32Array, { width, height }: RgbImage): [number, number, number, number] {
  const spans = ellipseSpans(width, height);
  let plane = luma;
  const energies: [number, number, number, number] = [0, 0, 0, 0];
  for (const [band, distance] of TAP_DISTANCES.entries()) {
    const smooth = smoothed(plane, width, height, distance);
    energies[band] = energyBetween(plane, smooth, width, spans);
    plane = smooth;
  }
  return energies;
}

function energyBetween(a: Float32Array, b: Float32Array, width: number, spans: Int32Array): number {
  let sum = 0;
  let pixels = 0;
  for (let row = 0; row * 2 < spans.length; row++) {
    const last = spans[row * 2 + 1] ?? 0;
    for (let column = spans[row * 2] ?? 0; column <= last; column++) {
      const difference = (a[row * width + column] ?? 0) - (b[row * width + column] ?? 0);
      sum += difference * difference;
      pixels++;
    }
  }
  return sum / pixels;
}

/** The binomial filter 1-2-1 along rows and columns, its taps `distance` apart; the border is repeated. */
function smoothed(plane: Float32Array, width: number, height: number, distance: number): Float32Array {
  const rows = new Float32Array(plane.length);
  for (let at = 0; at < plane.length; at += width) {
    for (let x = 0; x < width; x++) {
      const left = plane[at + Math.max(x - distance, 0)] ?? 0;
      const right = plane[at + Math.min(x + distance, width - 1)] ?? 0;
      rows[at + x] = (left + 2 * (plane[at + x] ?? 0) + right) / 4;
    }
  }
  const both = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    const above = Math.max(y - distance, 0) * width;
    const below = Math.min(y + distance, height - 1) * width;
    for (let x = 0; x < width; x++) {
      both[y * width + x] =
        ((rows[above + x] ?? 0) + 2 * (rows[y * width + x] ?? 0) + (rows[below + x] ?? 0)) / 4;
    }
  }
  return both;
}
