import type { DuplicatePair } from '@mien/people';

/** Persons that are connected by pairs. */
export interface PersonCluster {
  /** Two or more, by id. */
  readonly personIds: readonly string[];
  /** Of the weakest pair that holds it together: with only more alike pairs it would fall apart. */
  readonly weakestScore: number;
}

/** Connected persons, largest cluster first, equally large ones by their first person. */
export function clustersOf(pairs: readonly DuplicatePair[]): PersonCluster[] {
  const forest = new Forest();
  // Kruskal: with the most alike pairs first, the last pair that joins two parts of a cluster is its weakest link.
  for (const { first, second, score } of [...pairs].sort((a, b) => b.score - a.score)) {
    forest.join(first.personId, second.personId, score);
  }
  return forest.clusters().sort((a, b) => b.personIds.length - a.personIds.length || byFirstPerson(a, b));
}

function byFirstPerson(a: PersonCluster, b: PersonCluster): number {
  return (a.personIds[0] ?? '') < (b.personIds[0] ?? '') ? -1 : 1;
}

/** Disjoint sets with union by size and path halving: R. E. Tarjan, J. van Leeuwen, JACM 31(2), 1984. */
class Forest {
  private readonly parents = new Map<string, string>();
  private readonly roots = new Map<string, { size: number; weakest: number }>();

  join(a: string, b: string, score: number): void {
    const [rootA, rootB] = [this.rootOf(a), this.rootOf(b)];
    if (rootA === rootB) {
      return;
    }
    const [sizeA, sizeB] = [this.roots.get(rootA)?.size ?? 1, this.roots.get(rootB)?.size ?? 1];
    const [root, under] = sizeA < sizeB ? [rootB, rootA] : [rootA, rootB];
    this.parents.set(under, root);
    this.roots.delete(under);
    this.roots.set(root, { size: sizeA + sizeB, weakest: score });
  }

  clusters(): PersonCluster[] {
    const members = new Map<string, string[]>();
    for (const id of this.parents.keys()) {
      const root = this.rootOf(id);
      const ofRoot = members.get(root);
      if (ofRoot === undefined) {
        members.set(root, [id]);
      } else {
        ofRoot.push(id);
      }
    }
    return [...members].map(([root, ids]) => ({
      personIds: ids.sort(),
      weakestScore: this.roots.get(root)?.weakest ?? 1,
    }));
  }

  private rootOf(id: string): string {
    let at = id;
    for (;;) {
      const parent = this.parents.get(at) ?? at;
      if (parent === at) {
        this.parents.set(at, at);
        return at;
      }
      const above = this.parents.get(parent) ?? parent;
      this.parents.set(at, above);
      at = above;
    }
  }
}
