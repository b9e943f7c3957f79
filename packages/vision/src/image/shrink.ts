import { type RgbImage, rgbImage } from './rgb-image';

/** Where a picture's pixels are taken from: `scale` target pixels to a source pixel, at most 1. */
export interface Window {
  /** Upper left corner in the source, in pixel edges: 0 is the left edge of the first pixel. May be negative. */
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  /** Size of the picture that is made. */
  readonly width: number;
  readonly height: number;
}

/** One target pixel's share of a row or column of source pixels. */
interface Taps {
  /** First source pixel of each target pixel. */
  readonly first: Int32Array;
  /** Number of source pixels of each target pixel. */
  readonly count: Int32Array;
  /** Weights, `stride` apart; they sum to the part that lies inside the source. */
  readonly weights: Float32Array;
  readonly stride: number;
}

/**
 * Cuts a window out of a picture and shrinks it by averaging areas, so that nothing fine turns into false patterns.
 * What lies outside the source is black. At scale 1 and whole-numbered corners pixels are copied unchanged.
 */
export function shrinkWindow(source: RgbImage, window: Window): RgbImage {
  const columns = taps(window.left, window.scale, window.width, source.width);
  const rows = taps(window.top, window.scale, window.height, source.height);
  const target = new Uint8Array(window.width * window.height * 3);
  const line = new Float32Array(window.width * 3);
  const sum = new Float32Array(window.width * 3);
  let lineRow = -1;
  for (let v = 0; v < window.height; v++) {
    sum.fill(0.5);
    const first = rows.first[v] ?? 0;
    const count = rows.count[v] ?? 0;
    for (let k = 0; k < count; k++) {
      // Neighbouring target rows may share one source row.
      if (lineRow !== first + k) {
        lineRow = first + k;
        shrinkRow(source, lineRow, columns, line);
      }
      addScaled(sum, line, rows.weights[v * rows.stride + k] ?? 0);
    }
    target.set(sum, v * window.width * 3);
  }
  return rgbImage(target, window.width, window.height);
}

/** Half the size: each pixel the mean of four. An odd last row or column is left out. */
export function halve(source: RgbImage): RgbImage {
  const width = source.width >> 1;
  const height = source.height >> 1;
  const stride = source.width * 3;
  const { data } = source;
  const target = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    let from = y * 2 * stride;
    for (let x = 0; x < width; x++, from += 6) {
      for (let channel = from; channel < from + 3; channel++, at++) {
        const upper = (data[channel] ?? 0) + (data[channel + 3] ?? 0);
        const lower = (data[channel + stride] ?? 0) + (data[channel + stride + 3] ?? 0);
        target[at] = (upper + lower + 2) >> 2;
      }
    }
  }
  return rgbImage(target, width, height);
}

function taps(start: number, scale: number, length: number, sourceLength: number): Taps {
  const span = 1 / scale;
  const stride = Math.ceil(span) + 1;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Float32Array(length * stride);
  for (let i = 0; i < length; i++) {
    const from = start + i * span;
    const to = from + span;
    // A hair's breadth of tolerance keeps rounding from adding a source pixel of no weight.
    const low = Math.max(0, Math.floor(from + 1e-6));
    const high = Math.min(sourceLength, Math.ceil(to - 1e-6));
    first[i] = low;
    count[i] = Math.max(0, high - low);
    for (let pixel = low; pixel < high; pixel++) {
      weights[i * stride + pixel - low] = (Math.min(to, pixel + 1) - Math.max(from, pixel)) * scale;
    }
  }
  return { first, count, weights, stride };
}

function shrinkRow(source: RgbImage, row: number, columns: Taps, line: Float32Array): void {
  const { data } = source;
  const { first, count, weights, stride } = columns;
  const start = row * source.width * 3;
  for (let u = 0; u < first.length; u++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let at = start + (first[u] ?? 0) * 3;
    const end = u * stride + (count[u] ?? 0);
    for (let tap = u * stride; tap < end; tap++, at += 3) {
      const weight = weights[tap] ?? 0;
      red += weight * (data[at] ?? 0);
      green += weight * (data[at + 1] ?? 0);
      blue += weight * (data[at + 2] ?? 0);
    }
    line[u * 3] = red;
    line[u * 3 + 1] = green;
    line[u * 3 + 2] = blue;
  }
}

function addScaled(sum: Float32Array, line: Float32Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] = (sum[i] ?? 0) + weight * (line[i] ?? 0);
  }
}
