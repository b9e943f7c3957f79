import { type Case, KINDS } from './case';

/** How the cases of each action went, as a table: how many passed of how many, by what they show. */
export function coverageTable(cases: readonly Case[], passed: ReadonlySet<Case>): string {
  const actions = [...new Set(cases.map(({ action }) => action))];
  const rows = actions.map((action) => [
    action,
    ...KINDS.map((kind) => {
      const own = cases.filter((one) => one.action === action && one.kind === kind);
      return own.length === 0 ? '-' : `${own.filter((one) => passed.has(one)).length}/${own.length}`;
    }),
  ]);
  const lines = [['action', ...KINDS], ...rows];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
