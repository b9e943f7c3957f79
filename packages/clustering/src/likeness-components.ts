import { DisjointSets } from './disjoint-sets';
import { dot, type FaceVectors, faceCount } from './face-vectors';

/** Faces compared with as many others at a time: both blocks stay in the processor's cache. */
const BLOCK = 32;

/**
 * The components of the graph whose edges are the pairs of faces with this cosine or more, each with its faces rising.
 * The graph itself is not kept: its edges may be as many as there are pairs.
 */
export function likenessComponents(faces: FaceVectors, leastCosine: number): number[][] {
  const count = faceCount(faces);
  const sets = new DisjointSets(count);
  for (let first = 0; first < count; first += BLOCK) {
    for (let other = 0; other <= first; other += BLOCK) {
      joinBlock(faces, leastCosine, sets, [first, other]);
    }
  }
  return sets.sets();
}

function joinBlock(
  faces: FaceVectors,
  leastCosine: number,
  sets: DisjointSets,
  [first, other]: readonly [number, number],
): void {
  const end = Math.min(first + BLOCK, faceCount(faces));
  for (let a = first; a < end; a++) {
    for (let b = other; b < Math.min(other + BLOCK, a); b++) {
      // Who is connected already needs no further edge.
      if (sets.rootOf(a) !== sets.rootOf(b) && dot(faces, a, b) >= leastCosine) {
        sets.join(a, b);
      }
    }
  }
}
