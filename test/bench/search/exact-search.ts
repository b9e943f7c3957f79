import { DIMENSIONS, FILTERS, type Filter, identityOf, isIn, probeOf } from './population';

/** Faces of each list. */
export const NEAREST = 10;

export interface Neighbour {
  readonly face: number;
  readonly cosine: number;
}

/** The nearest faces to one probe under each filter, best first. */
export type Neighbours = Readonly<Record<Filter, readonly Neighbour[]>>;

/** The reference: every probe against every face, in the full numbers. */
export class ExactSearch {
  private readonly probes: readonly Float32Array[];
  private readonly lists: readonly Record<Filter, Neighbour[]>[];

  /** Searches for these persons. */
  constructor(private readonly identities: readonly number[]) {
    this.probes = identities.map(probeOf);
    this.lists = identities.map(() => ({ all: [], onePercent: [], hundredGroups: [] }));
  }

  /** Looks at so many faces, whose vectors come one after the other. */
  add(firstFace: number, count: number, vectors: Float32Array): void {
    for (let index = 0; index < count; index++) {
      const face = firstFace + index;
      const vector = vectors.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS);
      for (const [probe, values] of this.probes.entries()) {
        this.offer(probe, { face, cosine: dot(values, vector) });
      }
    }
  }

  get nearest(): readonly Neighbours[] {
    return this.lists;
  }

  private offer(probe: number, neighbour: Neighbour): void {
    for (const filter of FILTERS) {
      const list = this.lists[probe]?.[filter] ?? [];
      const worst = list[NEAREST - 1]?.cosine ?? -2;
      if (neighbour.cosine > worst && isIn(filter, identityOf(neighbour.face), this.identities[probe] ?? 0)) {
        insert(list, neighbour);
      }
    }
  }
}

/** The nearest of two parts of the faces, for every probe. */
export function merged(a: readonly Neighbours[], b: readonly Neighbours[]): Neighbours[] {
  return a.map((lists, probe) => {
    const both = (filter: Filter) =>
      [...lists[filter], ...(b[probe]?.[filter] ?? [])]
        .sort((one, other) => other.cosine - one.cosine)
        .slice(0, NEAREST);
    return { all: both('all'), onePercent: both('onePercent'), hundredGroups: both('hundredGroups') };
  });
}

function insert(list: Neighbour[], neighbour: Neighbour): void {
  const at = list.findIndex((other) => other.cosine < neighbour.cosine);
  list.splice(at === -1 ? list.length : at, 0, neighbour);
  list.length = Math.min(list.length, NEAREST);
}

/** In four parts, which the processor adds up side by side. */
function dot(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let index = 0; index < DIMENSIONS; index += 4) {
    s0 += (a[index] ?? 0) * (b[index] ?? 0);
    s1 += (a[index + 1] ?? 0) * (b[index + 1] ?? 0);
    s2 += (a[index + 2] ?? 0) * (b[index + 2] ?? 0);
    s3 += (a[index + 3] ?? 0) * (b[index + 3] ?? 0);
  }
  return s0 + s1 + s2 + s3;
}
