import { podsFor, ReplicaController } from './replica-controller';

const BOUNDS = { minimum: 2, maximum: 40, scaleDownStabilizationSeconds: 180 };

function decided(lags: readonly number[], from = 2, bounds = BOUNDS): number[] {
  const controller = new ReplicaController(bounds);
  let pods = from;
  return lags.map((lag, step) => {
    pods = controller.decide((step + 1) * 15, pods, [podsFor(pods, lag, 4)]);
    return pods;
  });
}

describe('the autoscaler', () => {
  it('wants ceil(lag / threshold) pods', () => {
    expect(decided([13])).toEqual([4]);
    expect(decided([16, 16])).toEqual([4, 4]);
  });

  it('leaves what is a tenth off', () => {
    expect(decided([43, 37, 45], 10)).toEqual([10, 10, 12]);
  });

  it('goes up twofold every 15 seconds, or by two pods', () => {
    expect(decided([400, 400, 400, 400, 400], 2)).toEqual([4, 8, 16, 32, 40]);
    expect(decided([400, 400], 1, { ...BOUNDS, minimum: 1 })).toEqual([3, 6]);
  });

  it('comes down when it has been less for three minutes, by a quarter a minute', () => {
    const pods = decided([160, ...Array.from({ length: 40 }, () => 0)], 40);
    expect(pods.slice(0, 13)).toEqual(Array.from({ length: 13 }, () => 40));
    expect(pods[13]).toBe(30);
    expect(pods.slice(13, 17)).toEqual([30, 30, 30, 30]);
    expect(pods[17]).toBe(22);
    expect(pods.at(-1)).toBeGreaterThanOrEqual(2);
  });

  it('follows the metric that asks for most', () => {
    expect(new ReplicaController(BOUNDS).decide(15, 4, [2, 6, 3])).toBe(6);
  });

  it('is led by the most that was advised of late', () => {
    const pods = decided([160, 0, 0, 80, ...Array.from({ length: 15 }, () => 0)], 40);
    expect(Math.min(...pods)).toBeGreaterThanOrEqual(20);
  });
});
