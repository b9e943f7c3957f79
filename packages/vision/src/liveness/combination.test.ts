import { LIVENESS_SIGNALS } from '@mien/models';
import { type Combination, combinedScore, type Evidence } from './combination';

const COMBINATION: Combination = {
  bias: 0.3,
  terms: [
    { evidence: 'model', mean: 1, scale: 2, weight: 0.9 },
    { evidence: 'lumaPeakFine', mean: 2, scale: 0.5, weight: -1.5 },
  ],
};

function evidence(model: number, lumaPeakFine: number): Evidence {
  const zeros = Object.fromEntries(LIVENESS_SIGNALS.map((name) => [name, 0])) as Omit<Evidence, 'model'>;
  return { ...zeros, model, lumaPeakFine };
}

test('at the mean of everything the bias alone speaks', () => {
  expect(combinedScore(evidence(1, 2), COMBINATION)).toBeCloseTo(100 / (1 + Math.exp(-0.3)), 6);
});

test('the score rises with evidence of positive weight and falls with that of negative weight', () => {
  const byModel = [-4, -1, 0, 2, 5].map((model) => combinedScore(evidence(model, 2), COMBINATION));
  const byPeak = [1, 1.7, 2.4, 3.2].map((peak) => combinedScore(evidence(1, peak), COMBINATION));
  expect(byModel).toEqual([...byModel].sort((a, b) => a - b));
  expect(byPeak).toEqual([...byPeak].sort((a, b) => b - a));
});

test('one figure gone astray weighs no more than three deviations', () => {
  expect(combinedScore(evidence(1000, 2), COMBINATION)).toBe(combinedScore(evidence(7, 2), COMBINATION));
});
