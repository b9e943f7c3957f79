/** Which members are connected: union by the lower root, paths halved (Tarjan and van Leeuwen, 1984). */
export class DisjointSets {
  private readonly parents: Int32Array;

  constructor(size: number) {
    this.parents = Int32Array.from({ length: size }, (_, index) => index);
  }

  join(a: number, b: number): void {
    const [rootA, rootB] = [this.rootOf(a), this.rootOf(b)];
    this.parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  /** The lowest member of the set. */
  rootOf(member: number): number {
    let at = member;
    for (let parent = this.parentOf(at); parent !== at; parent = this.parentOf(at)) {
      const above = this.parentOf(parent);
      this.parents[at] = above;
      at = above;
    }
    return at;
  }

  /** Every set, its members rising, in the order of their lowest members. */
  sets(): number[][] {
    const byRoot = new Map<number, number[]>();
    for (let member = 0; member < this.parents.length; member++) {
      const root = this.rootOf(member);
      const set = byRoot.get(root);
      if (set === undefined) {
        byRoot.set(root, [member]);
      } else {
        set.push(member);
      }
    }
    return [...byRoot.values()];
  }

  private parentOf(member: number): number {
    return this.parents[member] ?? member;
  }
}
