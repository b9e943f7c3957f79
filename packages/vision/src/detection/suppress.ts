import { type Candidate, intersectionOverUnion, overlapOfSmaller } from './box';

/** Two boxes that share this much of their joint area show one face... */
const SAME_FACE = 0.35;

/** ...and so do two of which one lies this far inside the other. */
const NESTED = 0.75;

/** Keeps the best of every set of boxes that show the same face, best first. */
export function suppress<C extends Candidate>(candidates: readonly C[]): C[] {
  const kept: C[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    if (!kept.some((better) => sameFace(better, candidate))) {
      kept.push(candidate);
    }
  }
  return kept;
}

function sameFace(a: Candidate, b: Candidate): boolean {
  return intersectionOverUnion(a, b) > SAME_FACE || overlapOfSmaller(a, b) > NESTED;
}
