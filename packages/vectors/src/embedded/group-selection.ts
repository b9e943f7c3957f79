import type { FaceTable } from './face-table';
import type { RowSelection } from './row-memory';
import { RowMarks } from './row-set';

/** Rows that lie scattered take about so many times as long as rows in sequence: each is a page of its own to find. */
const SCATTERED_COST = 12;

/** Finds out which rows a search by groups has to look at. */
export class GroupSelection {
  private readonly marks = new RowMarks();

  constructor(private readonly table: FaceTable) {}

  /** Good until the next selection or change of the table. */
  select(groupIds: readonly string[] | undefined): RowSelection {
    if (groupIds === undefined) {
      return { accepts: (row) => this.table.isTaken(row) };
    }
    const lists = [...new Set(groupIds)].map((id) => this.table.rowsOfGroup(id));
    const [only] = lists;
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    const few = total * SCATTERED_COST < this.table.end;
    if (few && only !== undefined && lists.length === 1) {
      return { rows: only, accepts: () => true };
    }
    const rows = this.union(lists, total);
    return few ? { rows, accepts: () => true } : { accepts: (row) => this.marks.has(row) };
  }

  /** Persons may be in several of the groups: their faces count once. */
  private union(lists: readonly Int32Array[], total: number): Int32Array {
    this.marks.clear();
    const union = new Int32Array(total);
    let size = 0;
    for (const list of lists) {
      for (const row of list) {
        if (!this.marks.has(row)) {
          this.marks.mark(row);
          union[size] = row;
          size += 1;
        }
      }
    }
    return union.subarray(0, size);
  }
}
