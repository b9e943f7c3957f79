/**
 * Solves A x = b for a symmetric positive definite A, of which only the lower triangle (row by row, n x n) is read.
 * Both are overwritten; x is returned in b's place. Cholesky's method.
 */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * n + column] ?? 0;
      for (let k = 0; k < column; k++) sum -= (a[row * n + k] ?? 0) * (a[column * n + k] ?? 0);
      a[row * n + column] = column === row ? Math.sqrt(sum) : sum / (a[column * n + column] ?? 1);
    }
  }
  for (let row = 0; row < n; row++) {
    let sum = b[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= (a[row * n + k] ?? 0) * (b[k] ?? 0);
    b[row] = sum / (a[row * n + row] ?? 1);
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = b[row] ?? 0;
    for (let k = row + 1; k < n; k++) sum -= (a[k * n + row] ?? 0) * (b[k] ?? 0);
    b[row] = sum / (a[row * n + row] ?? 1);
  }
  return b;
}
