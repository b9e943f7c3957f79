import { dot, type FaceVectors } from './face-vectors';

/** Faces taken for one person. */
export interface LinkedFaces {
  /** Rising. */
  readonly faces: readonly number[];
  /** Mean cosine over their pairs; undefined for a single face. */
  readonly meanCosine: number | undefined;
}

/** A cluster that may still grow. */
interface OpenCluster {
  readonly faces: readonly number[];
  /** Where the sum of its vectors stands among the sums. */
  readonly slot: number;
}

/**
 * Agglomerative clustering by average linkage (UPGMA: Sokal and Michener, "A statistical method for evaluating
 * systematic relationships", 1958): the two clusters with the highest mean cosine over all pairs between them become
 * one, again and again, while that mean is `leastMean` or more.
 *
 * The mean is the dot product of both clusters' sums, divided by their sizes, so no matrix is kept. The order of merges
 * is that of the nearest-neighbour chain (Murtagh, "A survey of recent advances in hierarchical clustering algorithms",
 * The Computer Journal 26, 1983), which comes to the same clusters, as a merge brings no third cluster nearer to both
 * than it was to the nearer one. For the same reason a cluster whose nearest is too far stays as it is.
 */
export function linkByAverage(
  vectors: FaceVectors,
  members: readonly number[],
  leastMean: number,
): LinkedFaces[] {
  const sums = copyOf(vectors, members);
  const open = new Set(members.map((face, slot): OpenCluster => ({ faces: [face], slot })));
  const done: OpenCluster[] = [];
  let chain: OpenCluster[] = [];
  for (let tip = first(open); tip !== undefined; tip = chain.at(-1) ?? first(open)) {
    const before = chain.at(-2);
    const { nearest, mean } = nearestTo(tip, before, open, sums);
    if (nearest === undefined || mean < leastMean) {
      chain = chain.slice(0, -1);
      open.delete(tip);
      done.push(tip);
    } else if (nearest === before) {
      chain = chain.slice(0, -2);
      open.delete(tip);
      open.delete(before);
      open.add(merged(before, tip, sums));
    } else {
      chain = chain.length === 0 ? [tip, nearest] : [...chain, nearest];
    }
  }
  return done.map((cluster) => linked(cluster, vectors, sums));
}

function copyOf({ values, dimensions }: FaceVectors, members: readonly number[]): FaceVectors {
  const copy = new Float32Array(members.length * dimensions);
  for (const [slot, face] of members.entries()) {
    copy.set(values.subarray(face * dimensions, (face + 1) * dimensions), slot * dimensions);
  }
  return { values: copy, dimensions };
}

function first(open: ReadonlySet<OpenCluster>): OpenCluster | undefined {
  return open.values().next().value;
}

/** The nearest cluster; of several equally near the one before in the chain, so that the chain comes to an end. */
function nearestTo(
  tip: OpenCluster,
  before: OpenCluster | undefined,
  open: Iterable<OpenCluster>,
  sums: FaceVectors,
): { nearest: OpenCluster | undefined; mean: number } {
  let nearest = before;
  let mean = before === undefined ? Number.NEGATIVE_INFINITY : meanBetween(tip, before, sums);
  for (const cluster of open) {
    if (cluster !== tip && cluster !== before) {
      const candidate = meanBetween(tip, cluster, sums);
      if (candidate > mean) {
        nearest = cluster;
        mean = candidate;
      }
    }
  }
  return { nearest, mean };
}

function meanBetween(a: OpenCluster, b: OpenCluster, sums: FaceVectors): number {
  return dot(sums, a.slot, b.slot) / (a.faces.length * b.faces.length);
}

/** Both in the first one's slot. */
function merged(into: OpenCluster, other: OpenCluster, { values, dimensions }: FaceVectors): OpenCluster {
  const sum = values.subarray(into.slot * dimensions, (into.slot + 1) * dimensions);
  for (let at = 0; at < dimensions; at++) {
    sum[at] = (sum[at] ?? 0) + (values[other.slot * dimensions + at] ?? 0);
  }
  return { faces: [...into.faces, ...other.faces], slot: into.slot };
}

function linked({ faces, slot }: OpenCluster, vectors: FaceVectors, sums: FaceVectors): LinkedFaces {
  const count = faces.length;
  const withItself = faces.reduce((total, face) => total + dot(vectors, face, face), 0);
  const meanCosine = count === 1 ? undefined : (dot(sums, slot, slot) - withItself) / (count * (count - 1));
  return { faces: faces.toSorted((a, b) => a - b), meanCosine };
}
