import type { LaneLoad } from '@mien/bus';
import { LaneForecast } from './lane-forecast';

const load = (waiting: number, oldestMs: number, delivered: number): LaneLoad => ({
  waiting,
  oldestMs,
  delivered,
  taken: 0,
});

describe('the forecast of a lane', () => {
  it('is nothing while nothing is known or waits', () => {
    const lane = new LaneForecast();
    expect(lane.expectedWaitMs).toBe(0);
    lane.hear(load(0, 0, 70), 0);
    expect(lane.expectedWaitMs).toBe(0);
  });

  it('is the age of the oldest where nobody works', () => {
    const lane = new LaneForecast();
    lane.hear(load(3, 4_000, 70), 0);
    lane.hear(load(3, 5_000, 70), 1_000);
    expect(lane.expectedWaitMs).toBe(5_000);
  });

  it('is the queue by the speed of workers that had enough to do', () => {
    const lane = new LaneForecast();
    lane.hear(load(100, 10, 0), 0);
    expect(lane.expectedWaitMs).toBe(10);
    lane.hear(load(100, 900, 20), 1_000);
    expect(lane.expectedWaitMs).toBe(5_000);
    lane.hear(load(100, 1_800, 60), 2_000);
    expect(lane.expectedWaitMs).toBe(3_750);
  });

  it('does not take how little came for how little can be done', () => {
    const lane = new LaneForecast();
    lane.hear(load(0, 0, 10), 0);
    lane.hear(load(0, 0, 11), 10_000);
    lane.hear(load(128, 5, 12), 11_000);
    expect(lane.expectedWaitMs).toBe(5);
  });

  it('forgets what it knew when the lane can not be asked', () => {
    const lane = new LaneForecast();
    lane.hear(load(100, 60_000, 10), 0);
    lane.hear(undefined, 1_000);
    expect(lane.expectedWaitMs).toBe(0);
    expect(lane.waiting).toBe(0);
  });
});
