import Table from 'cli-table3';

/** A table for a terminal, without colours; lines between its rows only where cells have several lines. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const compact = !rows.some((row) => row.some((cell) => cell.includes('\n')));
  const table = new Table({ head: [...head], style: { head: [], border: [], compact } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
