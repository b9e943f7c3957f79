import { type Combination, combinedScore } from '../combination';
import type { Sample } from './samples';

/** How one kind of picture fares. */
export interface KindRates {
  readonly kind: string;
  readonly live: boolean;
  readonly count: number;
  /** Chance that one of these pictures scores above one of the other class: 1 is perfect, 0.5 is guessing. */
  readonly auc: number;
  /** Share on the wrong side of the threshold: live refused, attacks accepted. */
  readonly errorRate: number;
  readonly medianScore: number;
}

export function scoresOf(samples: readonly Sample[], combination: Combination): number[] {
  return samples.map((sample) => combinedScore(sample.evidence, combination));
}

/** Each kind against all kinds of the other class, for scores given in the order of the samples. */
export function ratesByKind(
  samples: readonly Sample[],
  scores: readonly number[],
  threshold: number,
): KindRates[] {
  const scoresWhere = (wanted: (sample: Sample) => boolean): number[] =>
    scores.filter((_, i) => {
      const sample = samples[i];
      return sample !== undefined && wanted(sample);
    });
  const attacks = scoresWhere(({ live }) => !live);
  const lives = scoresWhere(({ live }) => live);
  return [...new Map(samples.map(({ kind, live }) => [kind, live]))].map(([kind, live]) => {
    const own = scoresWhere((sample) => sample.kind === kind);
    return {
      kind,
      live,
      count: own.length,
      auc: live ? areaUnderCurve(own, attacks) : areaUnderCurve(lives, own),
      errorRate: errorRate(own, live, threshold),
      medianScore: quantile(own, 0.5),
    };
  });
}

export function errorRate(scores: readonly number[], live: boolean, threshold: number): number {
  return scores.filter((score) => (live ? score < threshold : score >= threshold)).length / scores.length;
}

/** Share of (live, attack) pairs in the right order, ties half (Mann and Whitney). */
export function areaUnderCurve(live: readonly number[], attack: readonly number[]): number {
  const sorted = [...attack].sort((a, b) => a - b);
  const below = (value: number, inclusive: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const here = sorted[middle] ?? 0;
      if (here < value || (inclusive && here === value)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  const wins = live.reduce((sum, score) => sum + (below(score, false) + below(score, true)) / 2, 0);
  return wins / (live.length * attack.length);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
