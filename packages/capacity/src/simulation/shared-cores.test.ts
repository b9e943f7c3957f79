import { stretchOfSharedCores } from '../waiting';
import { exponential, randomFrom } from './random';
import { timesOnSharedCores } from './shared-cores';

describe('cores that all share', () => {
  it('give each of three jobs two thirds of one, on two', () => {
    const machine = { cores: 2, answerSeconds: 1, afterwardsSeconds: 0 };
    const times = timesOnSharedCores([0, 0, 0], machine);
    expect(times).toHaveLength(3);
    for (const time of times) {
      expect(time).toBeCloseTo(1.5, 9);
    }
  });

  it('are slower for work that is left after an answer', () => {
    const machine = { cores: 1, answerSeconds: 1, afterwardsSeconds: 1 };
    expect(timesOnSharedCores([0, 1], machine)[1]).toBeCloseTo(2, 9);
    expect(timesOnSharedCores([0, 5], machine)[1]).toBeCloseTo(1, 9);
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
    const times = timesOnSharedCores(arrivals, { cores, answerSeconds: 1, afterwardsSeconds: 0 });
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(Math.abs(mean / stretchOfSharedCores(cores, utilisation) - 1)).toBeLessThan(0.05);
  });
});
