import { Circuit } from './circuit';
import { exponentialBackoff } from './retry-schedule';

describe('a circuit', () => {
  let now: number;
  let circuit: Circuit;
  const rules = { failures: 3, openMs: 1_000, longestOpenMs: 4_000 };

  const failed = (times: number) => {
    for (let count = 0; count < times; count += 1) {
      circuit.failed();
    }
  };

  beforeEach(() => {
    now = 0;
    circuit = new Circuit(
      rules,
      () => now,
      () => 1,
    );
  });

  it('stays closed while failures are followed by success', () => {
    failed(2);
    circuit.succeeded();
    failed(2);
    expect(circuit.open).toBe(false);
    expect(circuit.allowed(4)).toBe(4);
  });

  it('lets nothing through while it is open, then one probe at a time', () => {
    failed(3);
    expect(circuit.allowed(4)).toBe(0);
    expect(circuit.begin()).toBe(false);
    now = 1_000;
    expect(circuit.allowed(4)).toBe(1);
    expect([circuit.begin(), circuit.begin()]).toEqual([true, false]);
    circuit.succeeded();
    expect([circuit.open, circuit.begin(), circuit.begin()]).toEqual([false, true, true]);
  });

  it('is open twice as long after each probe that fails, up to its longest', () => {
    failed(3);
    const waits: number[] = [];
    for (let probe = 0; probe < 4; probe += 1) {
      now += circuit.waitMs;
      expect(circuit.begin()).toBe(true);
      circuit.failed();
      waits.push(circuit.waitMs);
    }
    expect(waits).toEqual([2_000, 4_000, 4_000, 4_000]);
  });

  it('is not opened further by what was under way when it opened', () => {
    failed(7);
    expect(circuit.waitMs).toBe(1_000);
  });
});

describe('the schedule of attempts', () => {
  it('doubles up to an hour, drawn anew below that each time', () => {
    const most = exponentialBackoff(() => 1);
    expect([1, 2, 3, 4, 20, 500].map((attempt) => most.delayMs(attempt))).toEqual([
      5_000, 10_000, 20_000, 40_000, 3_600_000, 3_600_000,
    ]);
    const half = exponentialBackoff(() => 0.5);
    expect([1, 2].map((attempt) => half.delayMs(attempt))).toEqual([2_500, 5_000]);
    expect(exponentialBackoff(() => 0).delayMs(9)).toBe(500);
    expect(most.lifetimeMs).toBe(24 * 3_600_000);
  });
});
