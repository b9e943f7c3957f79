/** The value below which the given share (0..1) of the numbers lies, nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Rounded to so many decimals: figures are printed with the digits that mean something. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
