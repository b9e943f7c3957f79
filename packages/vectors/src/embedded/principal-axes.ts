import { RowMemory } from './row-memory';

/** Vectors whose moments are added up at once: 512 squares of numbers below 2,048 fit into an int32. */
const BLOCK = 512;
const COLUMN_SCALE = 16;
/** Rounds of subspace iteration: enough for the subspace, which is all that counts; single axes need not be exact. */
const ROUNDS = 4;
/** Steps between two pauses, each a few milliseconds long. */
const PAUSE_EVERY = 8;

/**
 * The axes along which vectors spread most: an orthogonal basis of the subspace of so many dimensions that holds most of
 * their length. `axes` is a power of two. A generator, so that whoever runs it can do other work at every pause.
 *
 * Subspace iteration: Golub, Van Loan, Matrix Computations, 4th edition, 8.2.4.
 */
export function* principalAxes(
  vectors: readonly Int16Array[],
  axes: number,
): Generator<void, Float64Array[]> {
  const moments = yield* secondMoments(vectors);
  const dimensions = moments.length;
  let basis = cosines(axes, dimensions);
  for (let round = 0; round < ROUNDS; round += 1) {
    const turned: Float64Array[] = [];
    for (const [index, axis] of basis.entries()) {
      turned.push(orthogonal(product(moments, axis), turned));
      if (index % PAUSE_EVERY === 0) {
        yield;
      }
    }
    basis = turned;
  }
  return mixed(basis);
}

/**
 * The sum of all vectors' outer products with themselves, one row per dimension. Of a block of vectors that is the dot
 * products of its columns, which the kernel multiplies; a column's numbers are made small enough for its sum to fit.
 */
function* secondMoments(vectors: readonly Int16Array[]): Generator<void, Float64Array[]> {
  const dimensions = vectors[0]?.length ?? 0;
  const moments = Array.from({ length: dimensions }, () => new Float64Array(dimensions));
  const columns = new RowMemory('int16', BLOCK);
  columns.reserve(dimensions);
  for (let first = 0; first + BLOCK <= vectors.length; first += BLOCK) {
    const block = vectors.slice(first, first + BLOCK);
    for (let i = 0; i < dimensions; i += 1) {
      columns.set(
        i,
        Int16Array.from(block, (vector) => (vector[i] ?? 0) / COLUMN_SCALE),
      );
    }
    yield;
    for (const [i, row] of moments.entries()) {
      addTo(row, columns.dots(Int16Array.from(columns.get(i)), dimensions));
      if (i % PAUSE_EVERY === 0) {
        yield;
      }
    }
  }
  steady(moments);
  return moments;
}

/** Adds a little to the diagonal, which keeps axes apart along which nothing lies. */
function steady(moments: readonly Float64Array[]): void {
  const trace = moments.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  for (const [i, row] of moments.entries()) {
    row[i] = (row[i] ?? 0) + (1e-9 * trace) / moments.length;
  }
}

function addTo(sums: Float64Array, values: Int32Array): void {
  for (let index = 0; index < sums.length; index += 1) {
    sums[index] = (sums[index] ?? 0) + (values[index] ?? 0);
  }
}

/** Where the iteration starts: the slowest waves of the discrete cosine transform, orthogonal and never random. */
function cosines(count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, (_, wave) =>
    Float64Array.from({ length }, (__, at) => Math.cos((Math.PI * (at + 0.5) * wave) / length)),
  );
}

function product(rows: readonly Float64Array[], vector: Float64Array): Float64Array {
  const result = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    result[index] = dot(row, vector);
  }
  return result;
}

/** What is left of the vector at right angles to the others, at length 1. Twice: once leaves rounding errors. */
function orthogonal(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  for (let time = 0; time < 2; time += 1) {
    for (const other of others) {
      const along = dot(vector, other);
      for (let index = 0; index < vector.length; index += 1) {
        vector[index] = (vector[index] ?? 0) - along * (other[index] ?? 0);
      }
    }
  }
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

/**
 * The same subspace seen along other axes (a Walsh-Hadamard transform): the first principal axes hold much more than the
 * last, mixed ones all the same, which suits numbers of one fixed width.
 */
function mixed(basis: readonly Float64Array[]): Float64Array[] {
  let axes = [...basis];
  for (let half = 1; half < axes.length; half *= 2) {
    axes = axes.map((axis, index) => {
      const partner = axes[index ^ half] ?? axis;
      const sign = (index & half) === 0 ? 1 : -1;
      return axis.map((value, at) => (sign * value + (partner[at] ?? 0)) * Math.SQRT1_2);
    });
  }
  return axes;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) {
    sum += (a[index] ?? 0) * (b[index] ?? 0);
  }
  return sum;
}
