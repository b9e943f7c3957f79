import { LIVENESS_SIGNALS } from '@mien/models';
import { type Combination, type EvidenceName, standardised } from '../combination';
import type { Sample } from './samples';

/** Everything that is measured. */
export const EVIDENCE_NAMES: readonly EvidenceName[] = ['model', ...LIVENESS_SIGNALS];

/**
 * Measured but not weighed: how colourful a face is depends on its skin and on whether the photo is in colour more
 * than on being printed, and leaving it out costs little (0.960 to 0.955 of all AUC).
 */
const SKIN_DEPENDENT: readonly EvidenceName[] = ['faceChroma', 'faceChromaSpread'];

const WEIGHED = EVIDENCE_NAMES.filter((name) => !SKIN_DEPENDENT.includes(name));

/** Ridge penalty on the weights of standardised evidence: keeps correlated signals from cancelling each other. */
const RIDGE = 0.01;
const ROUNDS = 25;

/** The bias goes free, but for what keeps the system solvable. */
function penalty(index: number): number {
  return index === 0 ? 1e-9 : RIDGE;
}

/**
 * Logistic regression with a ridge penalty, by Newton's method (iteratively reweighted least squares). Every kind
 * weighs the same within its class and both classes weigh the same, however many pictures each has.
 */
export function fitCombination(samples: readonly Sample[]): Combination {
  const scales = WEIGHED.map((evidence) => ({
    evidence,
    ...moments(samples.map((sample) => sample.evidence[evidence])),
  }));
  const weights = sampleWeights(samples);
  const rows = samples.map((sample) => [
    1,
    ...scales.map((term) => standardised(sample.evidence[term.evidence], term)),
  ]);
  const size = WEIGHED.length + 1;
  let beta = new Array<number>(size).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = beta.map((value, j) => (j === 0 ? 0 : -RIDGE * value));
    const hessian = Array.from({ length: size }, (_, j) =>
      Array.from({ length: size }, (_, k) => (j === k ? penalty(j) : 0)),
    );
    rows.forEach((row, i) => {
      const p = 1 / (1 + Math.exp(-dot(row, beta)));
      const weight = weights[i] ?? 0;
      const error = weight * ((samples[i]?.live ? 1 : 0) - p);
      const curvature = weight * p * (1 - p);
      row.forEach((value, j) => {
        gradient[j] = (gradient[j] ?? 0) + error * value;
        const line = hessian[j] ?? [];
        row.forEach((other, k) => {
          line[k] = (line[k] ?? 0) + curvature * value * other;
        });
      });
    });
    const step = solve(hessian, gradient);
    beta = beta.map((value, j) => value + (step[j] ?? 0));
  }
  return {
    bias: beta[0] ?? 0,
    terms: scales.map((term, j) => ({ ...term, weight: beta[j + 1] ?? 0 })),
  };
}

function sampleWeights(samples: readonly Sample[]): number[] {
  const counts = new Map<string, number>();
  for (const { kind } of samples) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = (live: boolean): number =>
    new Set(samples.filter((sample) => sample.live === live).map((sample) => sample.kind)).size;
  const kindCount = { live: kinds(true), attack: kinds(false) };
  return samples.map(
    ({ kind, live }) => 0.5 / ((live ? kindCount.live : kindCount.attack) * (counts.get(kind) ?? 1)),
  );
}

function moments(values: readonly number[]): { mean: number; scale: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, scale: Math.max(1e-6, Math.sqrt(variance)) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Solves a small symmetric positive system by Gaussian elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column);
    const pivot = below.reduce((a, b) => (Math.abs(b[column] ?? 0) > Math.abs(a[column] ?? 0) ? b : a));
    const from = rows.indexOf(pivot);
    const here = rows[column] ?? [];
    rows[from] = here;
    rows[column] = pivot;
    for (let i = column + 1; i < size; i++) {
      const row = rows[i] ?? [];
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let k = column; k <= size; k++) {
        row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
      }
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    const row = rows[i] ?? [];
    let value = row[size] ?? 0;
    for (let k = i + 1; k < size; k++) {
      value -= (row[k] ?? 0) * (solution[k] ?? 0);
    }
    solution[i] = value / (row[i] ?? 1);
  }
  return solution;
}
