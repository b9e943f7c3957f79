import { stretchOfSharedCores } from '../waiting';
import { exponential, randomFrom } from './random';
import { timesOnSharedCores } from './shared-cores';

const unlimited = { jobsAtOnce: Number.POSITIVE_INFINITY };

describe('cores that all share', () => {
  it('give each of three jobs two thirds of one, on two', () => {
    const line = { cores: 2, stages: [{ workSeconds: 1, ...unlimited }], afterwardsSeconds: 0 };
    const times = timesOnSharedCores([0, 0, 0], line);
    expect(times).toHaveLength(3);
    for (const time of times) {
      expect(time).toBeCloseTo(1.5, 9);
    }
  });

  it('are slower for work that is left after an answer', () => {
    const line = { cores: 1, stages: [{ workSeconds: 1, ...unlimited }], afterwardsSeconds: 1 };
    expect(timesOnSharedCores([0, 1], line)[1]).toBeCloseTo(2, 9);
    expect(timesOnSharedCores([0, 5], line)[1]).toBeCloseTo(1, 9);
  });

  it('work on one job of a stage after the other, and on those of two stages side by side', () => {
    const stage = { workSeconds: 1, jobsAtOnce: 1 };
    const line = { cores: 2, stages: [stage, stage], afterwardsSeconds: 0 };
    const [first, second, third] = timesOnSharedCores([0, 0, 0], line);
    expect([first, second, third]).toEqual([
      expect.closeTo(2, 9),
      expect.closeTo(3, 9),
      expect.closeTo(4, 9),
    ]);
  });

  it.each([
    [1, 0.6],
    [2, 0.7],
  ])('stretch times as the formula has it: %i cores, %f busy', (cores, utilisation) => {
    const random = randomFrom(3);
    let now = 0;
    const arrivals = Array.from({ length: 40_000 }, () => {
      now += exponential(random, 1 / (utilisation * cores));
      return now;
    });
    const line = { cores, stages: [{ workSeconds: 1, ...unlimited }], afterwardsSeconds: 0 };
    const times = timesOnSharedCores(arrivals, line);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(Math.abs(mean / stretchOfSharedCores(cores, utilisation) - 1)).toBeLessThan(0.05);
  });
});
