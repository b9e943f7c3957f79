import { FINE_DOT_OF_ONE, FINE_LENGTH } from './quantise';
import { RowMemory } from './row-memory';

/** Numbers of a coarse vector. docs/decisions/ tells what fewer and more would cost. */
export const COARSE_DIMENSIONS = 128;

/**
 * The length to which a vector of length 1 is brought as a row. Mixed as the axes are, its numbers spread around
 * 1 / sqrt(128) = 0.09 of that at most, so that 127 / 400 = 0.32 is hardly ever passed.
 */
const ROW_LENGTH = 400;
/** Queries are finer. With rows of length 400 and queries of 4,096 sums stay below 2^31. */
const QUERY_LENGTH = 4_096;

/** Vectors seen through the few axes along which they differ most: shorter, and nearly as good to tell them apart. */
export class CoarseSpace {
  private readonly axes: RowMemory;

  /** The axes: orthogonal, of length 1. */
  constructor(axes: readonly Float64Array[]) {
    this.axes = new RowMemory('int16', axes[0]?.length ?? 0);
    this.axes.reserve(axes.length);
    axes.forEach((axis, index) => {
      this.axes.set(
        index,
        axis.map((value) => Math.round(value * FINE_LENGTH)),
      );
    });
  }

  /** A fine vector as a row: int8. */
  row(fine: Int16Array): Int8Array {
    const row = new Int8Array(COARSE_DIMENSIONS);
    const dots = this.axes.dots(fine, COARSE_DIMENSIONS);
    for (let axis = 0; axis < COARSE_DIMENSIONS; axis += 1) {
      const value = Math.floor((dots[axis] ?? 0) * (ROW_LENGTH / FINE_DOT_OF_ONE) + 0.5);
      row[axis] = Math.max(-127, Math.min(127, value));
    }
    return row;
  }

  /** A fine vector as a query: int16. */
  query(fine: Int16Array): Int16Array {
    const dots = this.axes.dots(fine, COARSE_DIMENSIONS);
    return Int16Array.from(dots, (dot) => Math.round((dot * QUERY_LENGTH) / FINE_DOT_OF_ONE));
  }
}
