/** What a proportion is in most faces. */
export interface UsualProportion {
  readonly mean: number;
  readonly spread: number;
}

/** Mean distance of a face's proportions from the usual ones, in their spreads. */
export function unusualness(values: readonly number[], usual: readonly UsualProportion[]): number {
  const off = usual.map(({ mean, spread }, index) => Math.abs((values[index] ?? 0) - mean) / spread);
  return off.reduce((sum, value) => sum + value, 0) / off.length;
}
