/** A point of a scale: what was measured, and the figure that stands for it. */
export type Mark = readonly [measured: number, figure: number];

/** The figure for a measurement: straight lines between the marks (measurements rising), the end marks beyond them. */
export function onScale(marks: readonly Mark[], measured: number): number {
  let [from] = marks;
  for (const to of marks) {
    if (from && measured <= to[0]) {
      const span = to[0] - from[0];
      return span === 0 ? to[1] : from[1] + ((measured - from[0]) / span) * (to[1] - from[1]);
    }
    from = to;
  }
  return from?.[1] ?? 0;
}
