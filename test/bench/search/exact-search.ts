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
  private readonly lists: readonly Record<Filter, NearestList>[];

  /** Searches for these persons. */
  constructor(private readonly identities: readonly number[]) {
    this.probes = identities.map(probeOf);
    this.lists = identities.map(() => ({
      all: new NearestList(),
      onePercent: new NearestList(),
      hundredGroups: new NearestList(),
    }));
  }

  /** Looks at so many faces, whose vectors come one after the other. */
  add(firstFace: number, count: number, vectors: Float32Array): void {
    for (let index = 0; index < count; index++) {
      const vector = vectors.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS);
      for (let probe = 0; probe < this.probes.length; probe++) {
        this.offer(probe, firstFace + index, dot(this.probes[probe] ?? vector, vector));
      }
    }
  }

  get nearest(): readonly Neighbours[] {
    return this.lists.map(({ all, onePercent, hundredGroups }) => ({
      all: all.faces,
      onePercent: onePercent.faces,
      hundredGroups: hundredGroups.faces,
    }));
  }

  private offer(probe: number, face: number, cosine: number): void {
    const lists = this.lists[probe];
    const searched = this.identities[probe] ?? 0;
    for (const filter of FILTERS) {
      const list = lists?.[filter];
      if (list !== undefined && cosine > list.worst && isIn(filter, identityOf(face), searched)) {
        list.insert({ face, cosine });
      }
    }
  }
}

class NearestList {
  readonly faces: Neighbour[] = [];
  /** What a face has to pass to get in. */
  worst = -2;

  insert(neighbour: Neighbour): void {
    const at = this.faces.findIndex((other) => other.cosine < neighbour.cosine);
    this.faces.splice(at === -1 ? this.faces.length : at, 0, neighbour);
    this.faces.length = Math.min(this.faces.length, NEAREST);
    this.worst = this.faces.length < NEAREST ? -2 : (this.faces[NEAREST - 1]?.cosine ?? -2);
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

/** In four parts, which the processor adds up side by side. */
function dot(a: Float32Array, b: Float32Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let index = 0; index < DIMENSIONS; index += 4) {
    s0 += (a[index] ?? 0) * (b[index] ?? 0);
    s1 += (a[index + 1] ?? 0) * (b[index + 1] ?? 0);
    s2 += (a[index + 2] ?? 0) * (b[index + 2] ?? 0);
    s3 += (a[index + 3] ?? 0) * (b[index + 3] ?? 0);
  }
  return s0 + s1 + s2 + s3;
}
