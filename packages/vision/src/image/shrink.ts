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
  if (isCopy(window)) {
    return copyWindow(source, window);
  }
  const area = window.scale <= 0.5 ? evenArea(source, window) : undefined;
  if (area === undefined) {
    return averaged(source, window);
  }
  // Halving first, which is quick, leaves a quarter of the pixels to be weighed.
  const { left, top, scale, width, height } = window;
  const placed = { left: (left - area.left) / 2, top: (top - area.top) / 2, scale: scale * 2, width, height };
  return shrinkWindow(halveArea(source, area), placed);
}

/** Whole pixels of a picture. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What a window needs of its source, with an even number of columns and rows; undefined when there is no such. */
function evenArea(source: RgbImage, { left, top, scale, width, height }: Window): Area | undefined {
  const columns = evenStretch(left, width / scale, source.width);
  const rows = evenStretch(top, height / scale, source.height);
  return (
    columns && rows && { left: columns.start, top: rows.start, width: columns.length, height: rows.length }
  );
}

function evenStretch(
  from: number,
  span: number,
  limit: number,
): { start: number; length: number } | undefined {
  const start = Math.max(0, Math.floor(from));
  const end = Math.min(limit, Math.ceil(from + span));
  const length = end - start;
  if (length <= 0) {
    return undefined;
  }
  if (length % 2 === 0) {
    return { start, length };
  }
  const longer = end < limit ? start : start - 1;
  return longer < 0 ? undefined : { start: longer, length: length + 1 };
}

function isCopy({ left, top, scale }: Window): boolean {
  return scale === 1 && Number.isInteger(left) && Number.isInteger(top);
}

function copyWindow(source: RgbImage, { left, top, width, height }: Window): RgbImage {
  const target = new Uint8Array(width * height * 3);
  const [from, to] = [Math.max(0, left), Math.min(source.width, left + width)];
  for (let y = Math.max(0, top); from < to && y < Math.min(source.height, top + height); y++) {
    const row = source.data.subarray((y * source.width + from) * 3, (y * source.width + to) * 3);
    target.set(row, ((y - top) * width + from - left) * 3);
  }
  return rgbImage(target, width, height);
}

function averaged(source: RgbImage, window: Window): RgbImage {
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
  return halveArea(source, { left: 0, top: 0, width: source.width, height: source.height });
}

function halveArea(source: RgbImage, area: Area): RgbImage {
  const width = area.width >> 1;
  const height = area.height >> 1;
  const stride = source.width * 3;
  const { data } = source;
  const target = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    let upper = (area.top + y * 2) * stride + area.left * 3;
    let lower = upper + stride;
    for (const end = at + width * 3; at < end; upper += 3, lower += 3) {
      for (const pixelEnd = at + 3; at < pixelEnd; at++, upper++, lower++) {
        const above = (data[upper] ?? 0) + (data[upper + 3] ?? 0);
        const below = (data[lower] ?? 0) + (data[lower + 3] ?? 0);
        target[at] = (above + below + 2) >> 2;
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
