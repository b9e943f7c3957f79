import { type LfwPair, readPairs } from '../../photos/lfw';

/** How alike two photos are, by their paths; more is more alike. */
export type Likeness = (a: string, b: string) => number;

/** Cosine of two L2-normalised vectors. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    sum += (a[index] ?? 0) * (b[index] ?? 0);
  }
  return sum;
}

/** A pair with its likeness. */
export interface ScoredPair {
  readonly likeness: number;
  readonly same: boolean;
}

export function scoredPairs(pairs: readonly LfwPair[], likeness: Likeness): ScoredPair[] {
  return pairs.map(({ a, b, same }) => ({ likeness: likeness(a, b), same }));
}

/** Share of the pairs that a threshold tells right: same from it upwards, different below. */
export function accuracyAt(threshold: number, pairs: readonly ScoredPair[]): number {
  return pairs.filter(({ likeness, same }) => likeness >= threshold === same).length / pairs.length;
}

/**
 * The threshold that tells most pairs right. Several do equally well, often far apart: their mean is the one least
 * tied to single pairs.
 */
export function bestThreshold(pairs: readonly ScoredPair[]): number {
  const sorted = [...pairs].sort((a, b) => a.likeness - b.likeness);
  // Below every pair all count as "same"; passing a pair turns it to "different".
  let right = sorted.filter(({ same }) => same).length;
  let most = -1;
  let best: Span[] = [];
  sorted.forEach(({ likeness, same }, index) => {
    right += same ? -1 : 1;
    const span = { from: likeness, to: sorted[index + 1]?.likeness ?? likeness };
    if (right > most) {
      most = right;
      best = [];
    }
    if (right === most) {
      best.push(span);
    }
  });
  const width = best.reduce((sum, { from, to }) => sum + (to - from), 0);
  if (width === 0) {
    return best[0]?.from ?? 0;
  }
  return best.reduce((sum, { from, to }) => sum + (to * to - from * from) / 2 / width, 0);
}

/** An interval of thresholds that tell the same pairs right. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Of every photo of the people in a pairs list, each pair: how many there are, and how many reach a threshold. */
export interface CrossedPairs {
  readonly impostors: number;
  readonly impostorsAccepted: number;
  readonly genuine: number;
  readonly genuineAccepted: number;
}

export function crossPairs(
  photos: readonly string[],
  accepts: (a: string, b: string) => boolean,
): CrossedPairs {
  const counts = { impostors: 0, impostorsAccepted: 0, genuine: 0, genuineAccepted: 0 };
  photos.forEach((a, index) => {
    const person = personOf(a);
    for (const b of photos.slice(0, index)) {
      const accepted = accepts(a, b) ? 1 : 0;
      if (personOf(b) === person) {
        counts.genuine++;
        counts.genuineAccepted += accepted;
      } else {
        counts.impostors++;
        counts.impostorsAccepted += accepted;
      }
    }
  });
  return counts;
}

/** The name that a photo's folder gives it. */
function personOf(photo: string): string {
  return photo.split('/').at(-2) ?? photo;
}

/** The photos, out of all, whose people a pairs list names. */
export function photosOfPairs(
  photos: readonly string[],
  folder: string,
  list: 'pairsDevTrain' | 'pairsDevTest',
) {
  const people = new Set(readPairs(folder, list).flatMap(({ a, b }) => [personOf(a), personOf(b)]));
  return photos.filter((photo) => people.has(personOf(photo)));
}
