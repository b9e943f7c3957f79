import { powerSpectra } from './fourier';
import { at, type Plane } from './plane';
import type { CropRegions } from './regions';

/** How far the strongest peaks stand out of the spectrum around them, natural logarithm of a power ratio. */
export interface PeriodicPeaks {
  /** Waves of 2 to 5 pixels: a screen's or a print's raster itself. */
  readonly fine: number;
  /** Waves of 5 to 12 pixels: moire, the beat of that raster with the camera's. */
  readonly coarse: number;
}

/** Side of a window in pixels, and the way from one to the next. */
const WINDOW = 64;
const STEP = 24;
/** Longest wave that counts, pixels: longer ones are the face's own shading. */
const LONGEST = 12;
/** JPEG codes blocks of 8 pixels, whose borders leave peaks on the spectrum's axes. */
const JPEG_PERIOD = 8;
/** A peak is compared with the bins at this distance from it, outside its own skirt (a Hann window's is 2 bins). */
const RING_INNER = 2;
const RING_OUTER = 4;

/**
 * Looks for periodic patterns over the face in two planes of the same picture, after "Face-Spoofing 2D-Detection
 * Based on Moire-Pattern Analysis" (Garcia and de Queiroz, 2015): a screen or print photographed again beats with
 * the sensor's raster and leaves isolated peaks in the spectrum, which skin, hair and noise do not. The spectrum is
 * the mean over overlapping windows on the face (Welch, 1967), which evens out what is not periodic.
 * Zero for both where the photo around the face is too small for any window.
 */
export function periodicPeaks(
  first: Plane,
  second: Plane,
  regions: CropRegions,
): [PeriodicPeaks, PeriodicPeaks] {
  const sumFirst = new Float64Array(WINDOW * WINDOW);
  const sumSecond = new Float64Array(WINDOW * WINDOW);
  let windows = 0;
  for (const top of starts(regions.face.top, regions.face.bottom, regions.photo.top, regions.photo.bottom)) {
    for (const left of starts(
      regions.face.left,
      regions.face.right,
      regions.photo.left,
      regions.photo.right,
    )) {
      const power = powerSpectra(hannWindow(first, left, top), hannWindow(second, left, top), WINDOW);
      addTo(sumFirst, power.first);
      addTo(sumSecond, power.second);
      windows++;
    }
  }
  return [strongestPeaks(sumFirst, windows), strongestPeaks(sumSecond, windows)];
}

/** Where windows begin that cover the face from `from` to `to` and lie inside the photo's `low` to `high`. */
function starts(from: number, to: number, low: number, high: number): number[] {
  const span = Math.max(WINDOW, to - from);
  const first = Math.round((from + to - span) / 2);
  const count = Math.floor((span - WINDOW) / STEP) + 1;
  return Array.from({ length: count }, (_, i) => first + i * STEP).filter(
    (start) => start >= low && start + WINDOW <= high,
  );
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] = (sum[i] ?? 0) + (values[i] ?? 0);
  }
}

const TAPER = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / WINDOW),
);

function hannWindow(plane: Plane, left: number, top: number): Float64Array {
  const values = new Float64Array(WINDOW * WINDOW);
  let mean = 0;
  for (let y = 0; y < WINDOW; y++) {
    for (let x = 0; x < WINDOW; x++) {
      mean += at(plane, left + x, top + y);
    }
  }
  mean /= WINDOW * WINDOW;
  for (let y = 0; y < WINDOW; y++) {
    for (let x = 0; x < WINDOW; x++) {
      values[y * WINDOW + x] = (at(plane, left + x, top + y) - mean) * (TAPER[x] ?? 0) * (TAPER[y] ?? 0);
    }
  }
  return values;
}

function strongestPeaks(power: Float64Array, windows: number): PeriodicPeaks {
  const bin = (fx: number, fy: number) =>
    power[((fy + WINDOW) % WINDOW) * WINDOW + ((fx + WINDOW) % WINDOW)] ?? 0;
  // What 8-bit rounding alone adds (variance 1/12 per pixel, times the taper's energy): ratios to less mean nothing.
  const floor = (windows * WINDOW * WINDOW * 0.14) / 12;
  const half = WINDOW / 2;
  let fine = 0;
  let coarse = 0;
  for (let fy = 0; fy < half; fy++) {
    for (let fx = -half + 1; fx < half; fx++) {
      const period = WINDOW / Math.hypot(fx, fy);
      const value = bin(fx, fy);
      if (
        period > LONGEST ||
        value <= floor ||
        isBlockBorder(fx, fy) ||
        !isLocalMaximum(bin, fx, fy, value)
      ) {
        continue;
      }
      const prominence = Math.log(value / (around(bin, fx, fy) + floor));
      if (period < 5) {
        fine = Math.max(fine, prominence);
      } else {
        coarse = Math.max(coarse, prominence);
      }
    }
  }
  return { fine, coarse };
}

type Bin = (fx: number, fy: number) => number;

function isLocalMaximum(bin: Bin, fx: number, fy: number, value: number): boolean {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      if (bin(fx + dx, fy + dy) > value) {
        return false;
      }
    }
  }
  return true;
}

function isBlockBorder(fx: number, fy: number): boolean {
  const step = WINDOW / JPEG_PERIOD;
  return (fx % step === 0 && Math.abs(fy) <= 1) || (fy % step === 0 && Math.abs(fx) <= 1);
}

/**
 * What a peak must stand out of: the mean power of the ring around it, or of the row or the column through it where
 * that is higher, because the edges of a picture leave ridges along both axes.
 */
function around(bin: Bin, fx: number, fy: number): number {
  let ring = 0;
  let row = 0;
  let column = 0;
  for (let d = RING_INNER; d <= RING_OUTER; d++) {
    row += bin(fx + d, fy) + bin(fx - d, fy);
    column += bin(fx, fy + d) + bin(fx, fy - d);
    for (let across = -d; across < d; across++) {
      ring += bin(fx + across, fy - d) + bin(fx + d, fy + across);
      ring += bin(fx - across, fy + d) + bin(fx - d, fy - across);
    }
  }
  const distances = RING_OUTER - RING_INNER + 1;
  const ringCount = 4 * distances * (RING_INNER + RING_OUTER);
  return Math.max(ring / ringCount, row / (2 * distances), column / (2 * distances));
}
