import { RowList, RowMarks } from './row-set';

export interface Face {
  readonly faceId: string;
  readonly personId: string;
  readonly groupIds: readonly string[];
}

interface Group {
  readonly id: string;
  readonly rows: RowList;
}

interface Entry {
  readonly faceId: string;
  readonly personId: string;
  readonly groups: readonly Group[];
}

/** Which face stands in which row, and which rows a group's faces stand in. Rows that became free are used again. */
export class FaceTable {
  private readonly rowOf = new Map<string, number>();
  private readonly entries: (Entry | undefined)[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly free = new RowList();
  /** Rows that a face stands in. */
  private readonly taken = new RowMarks();
  private readonly leaving = new RowMarks();

  get count(): number {
    return this.rowOf.size;
  }

  /** One more than the highest row that was ever used. */
  get end(): number {
    return this.entries.length;
  }

  at(row: number): Entry | undefined {
    return this.entries[row];
  }

  isTaken(row: number): boolean {
    return this.taken.has(row);
  }

  /** Puts faces in or anew, each id once, and returns their rows. */
  put(faces: readonly Face[]): number[] {
    this.leaveGroups(faces.filter((face) => this.changesGroups(face)).map((face) => face.faceId));
    return faces.map((face) => this.putOne(face));
  }

  /** Returns the rows that became free. */
  remove(faceIds: readonly string[]): number[] {
    const there = faceIds.filter((faceId) => this.rowOf.has(faceId));
    this.leaveGroups(there);
    return [...new Set(there)].map((faceId) => {
      const row = this.rowOf.get(faceId) ?? -1;
      this.rowOf.delete(faceId);
      this.entries[row] = undefined;
      this.taken.unmark(row);
      this.free.add(row);
      return row;
    });
  }

  /** The rows of a group's faces, unsorted. Gone when the table changes. */
  rowsOfGroup(groupId: string): Int32Array {
    return this.groups.get(groupId)?.rows.all ?? new Int32Array();
  }

  private changesGroups(face: Face): boolean {
    const row = this.rowOf.get(face.faceId);
    const groups = row === undefined ? undefined : this.entries[row]?.groups;
    return (
      groups !== undefined &&
      (groups.length !== face.groupIds.length || groups.some((group, at) => group.id !== face.groupIds[at]))
    );
  }

  private putOne({ faceId, personId, groupIds }: Face): number {
    const row = this.rowOf.get(faceId) ?? this.free.pop() ?? this.entries.length;
    const before = this.entries[row]?.groups ?? [];
    const groups = before.length > 0 ? before : [...new Set(groupIds)].map((id) => this.group(id));
    if (groups !== before) {
      for (const group of groups) {
        group.rows.add(row);
      }
    }
    this.rowOf.set(faceId, row);
    this.taken.mark(row);
    this.entries[row] = { faceId, personId, groups };
    return row;
  }

  private group(id: string): Group {
    const group = this.groups.get(id) ?? { id, rows: new RowList() };
    this.groups.set(id, group);
    return group;
  }

  /** Takes the faces out of their groups; a group that becomes empty goes. */
  private leaveGroups(faceIds: readonly string[]): void {
    const left = new Set<Group>();
    this.leaving.clear();
    for (const faceId of faceIds) {
      const row = this.rowOf.get(faceId);
      const entry = row === undefined ? undefined : this.entries[row];
      if (row !== undefined && entry !== undefined) {
        this.leaving.mark(row);
        for (const group of entry.groups) {
          left.add(group);
        }
        this.entries[row] = { ...entry, groups: [] };
      }
    }
    for (const group of left) {
      group.rows.removeMarked(this.leaving);
      if (group.rows.size === 0) {
        this.groups.delete(group.id);
      }
    }
  }
}
