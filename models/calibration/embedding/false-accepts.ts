import type { AllPairs, CosinePairs } from './cosine-pairs';

/** The cosine at and above which a share `rate` of the pairs lies; 1 when that is less than a pair. */
export function thresholdAt(rate: number, { cosines }: CosinePairs): number {
  return cosines[Math.floor(rate * cosines.length) - 1] ?? 1;
}

/** The share of the pairs that lie at or above a cosine. */
export function rateAt(threshold: number, { cosines }: CosinePairs): number {
  const below = cosines.findIndex((cosine) => cosine < threshold);
  return below < 0 ? 1 : below / cosines.length;
}

/** How a threshold is made safe against the people who happened to be measured. */
export interface Caution {
  /** People drawn, with repetition, into each imagined group. */
  readonly people: number;
  /** Imagined groups. */
  readonly draws: number;
  /** Share of the groups whose false-accept rate must stay at or under the one wanted, 0..1. */
  readonly confidence: number;
  readonly seed: number;
}

/**
 * For each rate the cosine at which a share `confidence` of imagined groups of people stay at or under that rate: a
 * bootstrap over people, not over pairs, because the pairs of one person are not independent of each other
 * (R. M. Bolle, N. K. Ratha, S. Pankanti, "Error analysis of pattern recognition systems - the subsets bootstrap",
 * CVIU 2004).
 */
export function cautiousThresholds(rates: readonly number[], pairs: AllPairs, caution: Caution): number[] {
  const random = generator(caution.seed);
  const draws = Array.from({ length: caution.draws }, () =>
    thresholdsOfGroup(rates, pairs, drawGroup(pairs.photosOfPerson.length, caution.people, random)),
  );
  return rates.map((_, index) => {
    const sorted = draws.map((thresholds) => thresholds[index] ?? 1).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.ceil(caution.confidence * sorted.length) - 1)] ?? 1;
  });
}

/** How often each person was drawn. */
function drawGroup(people: number, drawn: number, random: () => number): Float64Array {
  const times = new Float64Array(people);
  for (let draw = 0; draw < drawn; draw++) {
    const person = Math.floor(random() * people);
    times[person] = (times[person] ?? 0) + 1;
  }
  return times;
}

/** A pair counts as often as its two people were drawn; copies of one person are no impostors of each other. */
function thresholdsOfGroup(rates: readonly number[], pairs: AllPairs, times: Float64Array): number[] {
  const { cosines, first, second } = pairs.impostor;
  const photos = pairs.photosOfPerson.map((count, person) => count * (times[person] ?? 0));
  const sum = photos.reduce((total, count) => total + count, 0);
  const total = (sum * sum - photos.reduce((squares, count) => squares + count * count, 0)) / 2;
  const weight = (at: number): number => (times[first[at] ?? 0] ?? 0) * (times[second[at] ?? 0] ?? 0);
  return rates.map((rate) => {
    let at = 0;
    for (let accepted = 0; at < cosines.length; at++) {
      accepted += weight(at);
      if (accepted > rate * total) break;
    }
    return cosines[at - 1] ?? 1;
  });
}

/** Repeatable random numbers of 0..1: the mulberry32 generator (T. Ettinger, public domain). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
