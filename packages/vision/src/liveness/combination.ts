import type { SignalName, Signals } from './signals/signals';

/** What is weighed: the model's belief as log odds, and every signal. */
export type EvidenceName = 'model' | SignalName;
export type Evidence = Signals & { readonly model: number };

/** A logistic regression over standardised evidence, as the pack's manifest keeps it. */
export interface Combination {
  readonly bias: number;
  readonly terms: readonly CombinationTerm[];
}

export interface CombinationTerm {
  readonly evidence: EvidenceName;
  /** The evidence enters as (value - mean) / scale, held within -3..3 so that nothing decides alone by going astray. */
  readonly mean: number;
  readonly scale: number;
  readonly weight: number;
}

const MOST = 3;

export function standardised(value: number, term: { mean: number; scale: number }): number {
  return Math.min(MOST, Math.max(-MOST, (value - term.mean) / term.scale));
}

/** The score 0..100: a hundred times the regression's probability of "live". */
export function combinedScore(evidence: Evidence, combination: Combination): number {
  const sum = combination.terms.reduce(
    (total, term) => total + term.weight * standardised(evidence[term.evidence], term),
    combination.bias,
  );
  return 100 / (1 + Math.exp(-sum));
}
