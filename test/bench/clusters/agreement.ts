/** A face with who it is and the cluster that it was put into. */
export interface ClusteredItem {
  readonly person: string;
  readonly cluster: number;
}

/** How well clusters agree with persons: 1 is perfect. */
export interface Agreement {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Of all pairs in one cluster, the share of one person; of all pairs of one person, the share in one cluster. */
export function pairwiseAgreement(items: readonly ClusteredItem[]): Agreement {
  const { clusters, persons, both } = countsOf(items);
  const right = pairsIn(both);
  return agreement(right / pairsIn(clusters), right / pairsIn(persons));
}

/**
 * B-cubed (Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model", 1998): the same
 * shares for each face among those that it is with, on average over the faces. Single faces count here.
 */
export function bCubedAgreement(items: readonly ClusteredItem[]): Agreement {
  const { clusters, persons, both } = countsOf(items);
  const share = (of: (item: ClusteredItem) => number) =>
    items.reduce((sum, item) => sum + (both.get(keyOf(item)) ?? 0) / of(item), 0) / items.length;
  return agreement(
    share(({ cluster }) => clusters.get(String(cluster)) ?? 0),
    share(({ person }) => persons.get(person) ?? 0),
  );
}

type Counts = ReadonlyMap<string, number>;

function countsOf(items: readonly ClusteredItem[]): { clusters: Counts; persons: Counts; both: Counts } {
  const count = (key: (item: ClusteredItem) => string): Counts => {
    const counts = new Map<string, number>();
    for (const item of items) {
      counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
    }
    return counts;
  };
  return {
    clusters: count(({ cluster }) => String(cluster)),
    persons: count(({ person }) => person),
    both: count(keyOf),
  };
}

function keyOf({ person, cluster }: ClusteredItem): string {
  return `${cluster} ${person}`;
}

function pairsIn(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}

function agreement(precision: number, recall: number): Agreement {
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
