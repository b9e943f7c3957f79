import { Pace } from './pace';

test('as many faces at once as take about 25 ms, within limits', () => {
  const pace = new Pace();
  const careful = pace.size;
  for (let round = 0; round < 20; round++) {
    pace.took(pace.size, pace.size * 0.5);
  }
  expect(pace.size).toBeGreaterThan(careful);
  expect(pace.size).toBeGreaterThanOrEqual(49);
  expect(pace.size).toBeLessThanOrEqual(51);
  for (let round = 0; round < 20; round++) {
    pace.took(pace.size, pace.size * 100);
  }
  expect(pace.size).toBe(careful);
  for (let round = 0; round < 20; round++) {
    pace.took(pace.size, 0);
  }
  expect(pace.size).toBe(64);
});
