import { MienError } from '@mien/errors';

/** Processor milliseconds that a part of the line takes for a photo. */
export interface StageCost {
  readonly perPhotoMs: number;
  readonly perFaceMs: number;
  /** Beyond that of any face. */
  readonly perLargeFaceMs: number;
  /** Of a photo of one megapixel; others as `SCANNING` has it. */
  readonly perMegapixelMs: number;
}

/** What photos are like, on average. */
export interface PhotoMix {
  readonly facesPerPhoto: number;
  /** Of them, those that are judged alive or not: the box's shorter side has 64 pixels or more. */
  readonly largeFacesPerPhoto: number;
  readonly megapixels: number;
}

/** Clocks of processes count by 10 ms: less is not told apart well. */
const LEAST_MS = 10;

/**
 * The detector scans a photo at several sizes, in tiles of 960 pixels that overlap so that faces lie whole in one: more
 * for each megapixel, the larger the photo. Its plans for photos of 4 : 3 come to 1.44 x megapixels^1.1 within 6 % from
 * 0.3 to 12 megapixels. Counted from the plans, not fitted to times.
 */
const SCANNING = 1.1;

export function costOf(cost: StageCost, mix: PhotoMix): number {
  const { perPhotoMs, perFaceMs, perLargeFaceMs, perMegapixelMs } = cost;
  const parts = [perPhotoMs, perFaceMs, perLargeFaceMs, perMegapixelMs];
  return partsOf(mix).reduce((sum, part, index) => sum + part * (parts[index] ?? 0), 0);
}

/** Photos of one kind, and what one of them took. */
export interface MeasuredCost extends PhotoMix {
  readonly cpuMs: number;
}

/**
 * The cost that explains what was measured best: least squares by the normal equations, of the shares that it is off, so
 * that a tenth counts the same for small photos as for large ones. Parts that come out negative are left out and the
 * rest is fitted again. Throws ARGUMENT_INVALID when the kinds do not tell the parts apart.
 */
export function fitCost(measured: readonly MeasuredCost[]): StageCost {
  let parts = [0, 1, 2, 3];
  for (;;) {
    const found = leastSquares(measured, parts);
    const kept = parts.filter((_, index) => (found[index] ?? 0) >= 0);
    if (kept.length === parts.length) {
      const of = (part: number) => found[parts.indexOf(part)] ?? 0;
      return { perPhotoMs: of(0), perFaceMs: of(1), perLargeFaceMs: of(2), perMegapixelMs: of(3) };
    }
    parts = kept;
  }
}

/** How often each part of a cost is counted. */
function partsOf({ facesPerPhoto, largeFacesPerPhoto, megapixels }: PhotoMix): number[] {
  return [1, facesPerPhoto, largeFacesPerPhoto, megapixels ** SCANNING];
}

function leastSquares(measured: readonly MeasuredCost[], parts: readonly number[]): number[] {
  const rows = measured.map(({ cpuMs, ...mix }) => {
    const weight = 1 / Math.max(LEAST_MS, cpuMs);
    const all = partsOf(mix);
    return { known: parts.map((part) => (all[part] ?? 0) * weight), cpuMs: cpuMs * weight };
  });
  const matrix = parts.map((_, i) => [
    ...parts.map((__, j) => rows.reduce((sum, { known }) => sum + (known[i] ?? 0) * (known[j] ?? 0), 0)),
    rows.reduce((sum, { known, cpuMs }) => sum + (known[i] ?? 0) * cpuMs, 0),
  ]);
  return solved(matrix);
}

/** Gauss and Jordan on a small augmented matrix. */
function solved(matrix: number[][]): number[] {
  const whole = matrix.map((row, index) => row[index] ?? 0);
  for (const [step, pivotRow] of matrix.entries()) {
    const pivot = pivotRow[step] ?? 0;
    // Against what there was before the other parts were taken off: sums of squares have no size of their own.
    if (Math.abs(pivot) <= 1e-9 * (whole[step] ?? 0)) {
      throw new MienError('ARGUMENT_INVALID', 'the kinds of photos do not tell the parts of the cost apart');
    }
    matrix[step] = pivotRow.map((value) => value / pivot);
    for (const [index, row] of matrix.entries()) {
      const factor = row[step] ?? 0;
      if (index !== step) {
        matrix[index] = row.map((value, column) => value - factor * (matrix[step]?.[column] ?? 0));
      }
    }
  }
  return matrix.map((row) => row.at(-1) ?? 0);
}
