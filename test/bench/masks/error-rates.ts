import { cosine } from '../lfw/verification';

/** Vectors of the same photos, in the same order, and whose they are. */
export interface Gallery {
  readonly persons: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** The likenesses of all pairs of two galleries' photos, falling. A photo is never paired with itself. */
export interface Likenesses {
  readonly genuine: Float32Array;
  readonly impostor: Float32Array;
}

/** Of two galleries of the same photos, made differently, or of one gallery. */
export function likenesses(a: Gallery, b: Gallery): Likenesses {
  const genuine: number[] = [];
  const impostor: number[] = [];
  a.vectors.forEach((one, i) => {
    // Within one gallery every pair comes once.
    const others = a === b ? b.vectors.slice(0, i) : b.vectors;
    others.forEach((other, j) => {
      if (i !== j) {
        (a.persons[i] === b.persons[j] ? genuine : impostor).push(cosine(one, other));
      }
    });
  });
  return { genuine: falling(genuine), impostor: falling(impostor) };
}

/** Share of the likenesses at or above a threshold. */
export function shareFrom(threshold: number, sorted: Float32Array): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) >= threshold) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from / sorted.length;
}

/** False-reject rate at the threshold that lets through a share of these very impostors. */
export function falseRejectsAt(falseAcceptRate: number, { genuine, impostor }: Likenesses): number {
  const threshold = impostor[Math.floor(falseAcceptRate * impostor.length) - 1] ?? 1;
  return 1 - shareFrom(threshold, genuine);
}

/** Share of genuine and impostor pairs told right, as many of either kind, at the threshold where that is best. */
export function bestAccuracy({ genuine, impostor }: Likenesses): number {
  let best = 0.5;
  for (const threshold of genuine) {
    best = Math.max(best, (shareFrom(threshold, genuine) + 1 - shareFrom(threshold, impostor)) / 2);
  }
  return best;
}

function falling(values: readonly number[]): Float32Array {
  return Float32Array.from(values).sort().reverse();
}
