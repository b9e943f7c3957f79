import { likeliest, logistic, logit, softmax, tempered } from './probability';

it('turns scores into probabilities that add up to one', () => {
  const given = softmax([1000, 1001, 990]);
  expect(given.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  expect(given[1]).toBeGreaterThan(given[0] ?? 1);
});

it('takes the logistic back', () => {
  expect(logit(logistic(1.7))).toBeCloseTo(1.7, 9);
  expect(Number.isFinite(logit(0))).toBe(true);
  expect(Number.isFinite(logit(1))).toBe(true);
});

it('falls back on what is common where the picture says nothing', () => {
  const sure = [0.05, 0.95];
  const prior = [0.8, 0.2];
  expect(tempered(sure, prior, 1)).toEqual(sure);
  expect(tempered(sure, prior, 0)).toEqual(prior);
  expect(likeliest(['none', 'worn'], tempered(sure, prior, 0.2))).toEqual({
    value: 'none',
    probability: expect.closeTo(0.65, 9),
  });
});
