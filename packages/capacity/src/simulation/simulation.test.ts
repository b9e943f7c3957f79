import { percentileOf, sumOf } from '../percentile';
import { sojournOf } from '../waiting';
import { quantile, type ScalingMetric, type Scenario, type SimulatedService, simulate } from './simulation';

const SERVICE: SimulatedService = {
  name: 'stage',
  serviceSeconds: 0.1,
  serviceVariability: 1,
  jobsPerPod: 1,
  pods: 4,
  startSeconds: 12,
};

function scenario(changes: Partial<Scenario> & Pick<Scenario, 'mostPhotosPerSecond'>): Scenario {
  return {
    services: [SERVICE],
    photosPerSecond: () => changes.mostPhotosPerSecond,
    seconds: 3_000,
    sampleSeconds: 15,
    nodes: 4,
    ackWaitSeconds: 3,
    passageSeconds: 0,
    seed: 1,
    ...changes,
  };
}

function mean(times: Float64Array): number {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

describe('a simulation with as many pods for ever', () => {
  it.each([
    [1, 0.6, 1],
    [4, 0.8, 1],
    [4, 0.8, 0.25],
    [12, 0.9, 1],
    [12, 0.9, 0],
  ])(
    'waits as the formulas say: %i pods, %f busy, variability %f',
    (pods, utilisation, serviceVariability) => {
      const arrivalsPerSecond = (utilisation * pods) / 0.1;
      const { times } = simulate(
        scenario({
          services: [{ ...SERVICE, pods, serviceVariability }],
          mostPhotosPerSecond: arrivalsPerSecond,
          seconds: 400_000 / arrivalsPerSecond,
        }),
      );
      const told = sojournOf({
        arrivalsPerSecond,
        serviceSeconds: 0.1,
        serviceVariability,
        arrivalVariability: 1,
        servers: pods,
      });
      expect(Math.abs(mean(times) / told.mean - 1)).toBeLessThan(0.04);
      const p95 = quantile(Float64Array.from(times).sort(), 0.95) ?? 0;
      expect(Math.abs(p95 / percentileOf(told, 0.95) - 1)).toBeLessThan(0.06);
    },
  );

  it('takes the time of all services together', () => {
    const services = [2, 3].map((pods) => ({
      ...SERVICE,
      name: `${pods}`,
      pods,
      serviceSeconds: 0.07 * pods,
    }));
    const { times } = simulate(
      scenario({ services, mostPhotosPerSecond: 10, seconds: 30_000, passageSeconds: 0.05 }),
    );
    const told = sumOf([
      ...services.map(({ pods, serviceSeconds }) =>
        sojournOf({
          arrivalsPerSecond: 10,
          serviceSeconds,
          serviceVariability: 1,
          arrivalVariability: 1,
          servers: pods,
        }),
      ),
      { mean: 0.05, variance: 0 },
    ]);
    expect(Math.abs(mean(times) / told.mean - 1)).toBeLessThan(0.04);
  });

  it('is the same with the same seed, and another with another', () => {
    const run = (seed: number) => simulate(scenario({ mostPhotosPerSecond: 20, seconds: 200, seed })).times;
    expect(run(7)).toEqual(run(7));
    expect(run(8)).not.toEqual(run(7));
  });
});

describe('a simulation that scales', () => {
  const scaled = (minimum: number): SimulatedService => ({
    ...SERVICE,
    serviceVariability: 0.25,
    pods: minimum,
    scaling: {
      minimum,
      maximum: 20,
      scaleDownStabilizationSeconds: 180,
      metrics: [{ lagPerPod: 12 }],
    },
  });

  it('works a burst off, and goes back to the fewest pods', () => {
    const { samples, times, photos } = simulate(
      scenario({
        services: [scaled(2)],
        mostPhotosPerSecond: 100,
        photosPerSecond: (at) => (at >= 600 && at < 1_200 ? 100 : 8),
      }),
    );
    const at = (seconds: number) => samples.find(({ atSeconds }) => atSeconds === seconds);
    const stage = (seconds: number) => at(seconds)?.services[0];
    expect(stage(585)?.readyPods).toBe(2);
    // In the burst 100 a second need more than 10 pods; those that are there keep up.
    expect(stage(1_185)?.readyPods).toBeGreaterThan(10);
    expect(at(1_185)?.p95Seconds).toBeLessThan(3);
    expect(stage(2_985)).toEqual({ name: 'stage', readyPods: 2, lag: expect.any(Number) });
    expect(stage(2_985)?.lag).toBeLessThan(8);
    expect(photos - times.length).toBeLessThan(8);
  });

  it('does not go up and down under a steady load when it looks at the processor, too', () => {
    const pods = (...further: readonly ScalingMetric[]) => {
      const { scaling, ...service } = scaled(8);
      const services = scaling && [
        { ...service, scaling: { ...scaling, minimum: 2, metrics: [...scaling.metrics, ...further] } },
      ];
      const run = simulate(scenario({ ...(services && { services }), mostPhotosPerSecond: 60 }));
      const ready = run.samples.slice(40).map(({ services: [stage] }) => stage?.readyPods ?? 0);
      return Math.max(...ready) - Math.min(...ready);
    };
    expect(pods()).toBeGreaterThan(3);
    expect(pods({ utilisation: 0.7 })).toBeLessThanOrEqual(3);
  });

  it('loses no photo with a node, and has its pods again', () => {
    const { samples, times, photos } = simulate(
      scenario({
        services: [{ ...SERVICE, pods: 8 }],
        mostPhotosPerSecond: 50,
        seconds: 1_200,
        seed: 2,
        nodeLoss: { atSeconds: 300, noticedAfterSeconds: 340 },
      }),
    );
    const pods = (seconds: number) =>
      samples.find(({ atSeconds }) => atSeconds === seconds)?.services[0]?.readyPods;
    expect([pods(285), pods(315), pods(630), pods(660)]).toEqual([8, 6, 6, 8]);
    expect(photos - times.length).toBeLessThan(30);
    // What the lost pods worked on was given out again after the acknowledgement wait.
    expect(times.filter((time) => time > 3).length).toBeGreaterThan(0);
    expect(times.filter((time) => time > 3).length).toBeLessThan(30);
  });

  it('asks for more pods when the lag stays behind lost ones', () => {
    const { samples } = simulate(
      scenario({
        services: [scaled(8)],
        mostPhotosPerSecond: 70,
        seconds: 900,
        nodeLoss: { atSeconds: 300, noticedAfterSeconds: 10_000 },
      }),
    );
    expect(Math.max(...samples.map(({ services }) => services[0]?.lag ?? 0))).toBeGreaterThan(96);
    expect(samples.at(-1)?.services[0]?.readyPods).toBeGreaterThanOrEqual(7);
    expect(samples.at(-1)?.services[0]?.lag).toBeLessThan(150);
  });
});
