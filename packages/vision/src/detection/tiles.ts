/** A part of a picture that the network looks at in one go, in whole pixels. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A box belongs to the tile whose own part, from here... */
  readonly ownLeft: number;
  readonly ownTop: number;
  /** ...to here, holds its centre; own parts touch and don't overlap. */
  readonly ownRight: number;
  readonly ownBottom: number;
}

/** One axis of the tiling. */
interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly ownStart: number;
  readonly ownEnd: number;
}

/**
 * Cuts a picture into tiles of equal size, none larger than `maxSide`, that share at least `overlap` pixels with
 * their neighbours: a face up to that size lies whole in one of them.
 */
export function planTiles(width: number, height: number, maxSide: number, overlap: number): Tile[] {
  const columns = stretches(width, maxSide, overlap);
  return stretches(height, maxSide, overlap).flatMap((row) =>
    columns.map((column) => ({
      x: column.start,
      y: row.start,
      width: column.length,
      height: row.length,
      ownLeft: column.ownStart,
      ownTop: row.ownStart,
      ownRight: column.ownEnd,
      ownBottom: row.ownEnd,
    })),
  );
}

function stretches(total: number, maxLength: number, overlap: number): Stretch[] {
  const count = total <= maxLength ? 1 : Math.ceil((total - overlap) / (maxLength - overlap));
  const length = Math.ceil((total + (count - 1) * overlap) / count);
  const step = count === 1 ? 0 : (total - length) / (count - 1);
  const starts = Array.from({ length: count }, (_, i) => Math.round(i * step));
  return starts.map((start, i) => ({
    start,
    length: Math.min(length, total - start),
    // Neighbours meet in the middle of what they share; the outermost own all that lies outside.
    ownStart: i === 0 ? Number.NEGATIVE_INFINITY : (start + (starts[i - 1] ?? 0) + length) / 2,
    ownEnd: i === count - 1 ? Number.POSITIVE_INFINITY : ((starts[i + 1] ?? 0) + start + length) / 2,
  }));
}
