import { type LinkedFaces, linkByAverage } from './average-linkage';
import { dot, type FaceVectors } from './face-vectors';
import { likenessComponents } from './likeness-components';

/** Faces that belong together. */
export interface Cluster {
  /** Their places among the vectors, rising. */
  readonly faces: readonly number[];
  /** How alike they are; not there for a single face. */
  readonly cohesion?: Cohesion;
}

interface Cohesion {
  /** Over all pairs. */
  readonly meanCosine: number;
  /** Of the pair least alike. */
  readonly minimumCosine: number;
}

/** What single precision may have taken from a cosine: an edge too many costs time, one too few a person. */
const ROUNDING = 1e-5;

/**
 * Which faces belong together by average linkage: largest clusters first, of the same size in the order of their first
 * faces. Single faces are clusters too. The same vectors always give the same clusters.
 *
 * Two clusters whose mean cosine reaches `leastMean` hold a pair that does, so clusters never span two components of the
 * graph of such pairs: each is clustered on its own, at a cost of the square of its size.
 */
export function clusterFaces(vectors: FaceVectors, leastMean: number): Cluster[] {
  return likenessComponents(vectors, leastMean - ROUNDING)
    .flatMap((component) => linkByAverage(vectors, component, leastMean))
    .map((linked) => withCohesion(linked, vectors))
    .sort((a, b) => b.faces.length - a.faces.length || (a.faces[0] ?? 0) - (b.faces[0] ?? 0));
}

function withCohesion({ faces, meanCosine }: LinkedFaces, vectors: FaceVectors): Cluster {
  return meanCosine === undefined
    ? { faces }
    : { faces, cohesion: { meanCosine, minimumCosine: minimumCosine(faces, vectors) } };
}

function minimumCosine(faces: readonly number[], vectors: FaceVectors): number {
  let minimum = 1;
  for (const [index, face] of faces.entries()) {
    for (const other of faces.slice(0, index)) {
      minimum = Math.min(minimum, dot(vectors, face, other));
    }
  }
  return minimum;
}
