import { RateMeter } from './rate-meter';

describe('the rate', () => {
  let now: number;
  let meter: RateMeter;
  beforeEach(() => {
    now = 1_000;
    meter = new RateMeter(() => now);
  });

  it('is not known before anything was done', () => {
    now += 500;
    expect(meter.perSecond()).toBeUndefined();
    meter.reached(0);
    expect(meter.perSecond()).toBeUndefined();
  });

  it('is that of the last seconds', () => {
    for (let second = 1; second <= 60; second++) {
      now += 1_000;
      meter.reached(second * 10);
    }
    expect(meter.perSecond()).toBeCloseTo(10);
    for (let second = 1; second <= 30; second++) {
      now += 1_000;
      meter.reached(600 + second * 2);
    }
    expect(meter.perSecond()).toBeCloseTo(2);
  });

  it('sinks while nothing comes', () => {
    now += 1_000;
    meter.reached(10);
    now += 9_000;
    expect(meter.perSecond()).toBeCloseTo(1);
  });
});
