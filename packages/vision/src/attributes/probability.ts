/** A value and how likely it is. */
export interface Likely<T> {
  readonly value: T;
  /** 0..1. */
  readonly probability: number;
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The inverse of {@link logistic}; 0 and 1 are taken as the nearest values that it can give. */
export function logit(probability: number): number {
  const inside = Math.min(1 - 1e-7, Math.max(1e-7, probability));
  return Math.log(inside / (1 - inside));
}

/** Probabilities in proportion to exp(score). */
export function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - highest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * What is left of probabilities when the picture is only partly to be trusted: `trust` 1 keeps them, 0 leaves what
 * is known without looking (`prior`).
 */
export function tempered(
  probabilities: readonly number[],
  prior: readonly number[],
  trust: number,
): number[] {
  return probabilities.map((probability, index) => trust * probability + (1 - trust) * (prior[index] ?? 0));
}

/** The most likely of `values`, whose probabilities stand in the same order. */
export function likeliest<T>(values: readonly [T, ...T[]], probabilities: readonly number[]): Likely<T> {
  let best: Likely<T> = { value: values[0], probability: probabilities[0] ?? 0 };
  values.forEach((value, index) => {
    const probability = probabilities[index] ?? 0;
    if (probability > best.probability) {
      best = { value, probability };
    }
  });
  return best;
}
