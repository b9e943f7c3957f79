import { MienError } from '@mien/errors';

/** Processor milliseconds that a part of the line takes for a photo: of it, of each face in it, and of its size. */
export interface StageCost {
  readonly perPhotoMs: number;
  readonly perFaceMs: number;
  readonly perMegapixelMs: number;
}

export interface PhotoMix {
  readonly facesPerPhoto: number;
  readonly megapixels: number;
}

export function costOf(cost: StageCost, { facesPerPhoto, megapixels }: PhotoMix): number {
  return cost.perPhotoMs + cost.perFaceMs * facesPerPhoto + cost.perMegapixelMs * megapixels;
}

/** Photos of one kind, and what one of them took. */
export interface MeasuredCost extends PhotoMix {
  readonly cpuMs: number;
  /** How much a millisecond that the cost is off counts against that of other kinds; 1 unless given. */
  readonly weight?: number;
}

/**
 * The cost that explains what was measured best: least squares by the normal equations. Parts that come out negative
 * are left out and the rest is fitted again. Throws ARGUMENT_INVALID when the kinds do not tell the parts apart.
 */
export function fitCost(measured: readonly MeasuredCost[]): StageCost {
  let parts = [0, 1, 2];
  for (;;) {
    const found = leastSquares(measured, parts);
    const kept = parts.filter((_, index) => (found[index] ?? 0) >= 0);
    if (kept.length === parts.length) {
      const of = (part: number) => found[parts.indexOf(part)] ?? 0;
      return { perPhotoMs: of(0), perFaceMs: of(1), perMegapixelMs: of(2) };
    }
    parts = kept;
  }
}

function leastSquares(measured: readonly MeasuredCost[], parts: readonly number[]): number[] {
  const rows = measured.map(({ facesPerPhoto, megapixels, cpuMs, weight = 1 }) => {
    const all = [1, facesPerPhoto, megapixels];
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
  for (const [step, pivotRow] of matrix.entries()) {
    const pivot = pivotRow[step] ?? 0;
    if (Math.abs(pivot) < 1e-9) {
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
