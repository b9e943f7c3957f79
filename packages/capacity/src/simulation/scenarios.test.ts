import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ownMeasurements } from '../measurements/measurements';
import { CHART_SCALING, scenarios } from './scenarios';
import { simulate } from './simulation';

interface Values {
  readonly scaling: {
    readonly wantedWaitSeconds: { readonly interactive: number };
    readonly scaleDownStabilizationSeconds: number;
    readonly targetCpuPercent: number;
  };
  readonly services: Readonly<
    Record<string, { replicas: { minimum: number; maximum: number }; concurrency?: number }>
  >;
}

describe('scenarios', () => {
  const all = scenarios(ownMeasurements(), CHART_SCALING);

  it("scale as the chart's values have it", () => {
    const file = join(__dirname, '../../../../helm/mien/values.yaml');
    const { scaling, services } = parse(readFileSync(file, 'utf8')) as Values;
    expect(CHART_SCALING.wantedWaitSeconds).toBe(scaling.wantedWaitSeconds.interactive);
    for (const { name, scaling: simulated } of all.burst.services) {
      const { replicas } = services[name] ?? {};
      expect(simulated).toMatchObject({ ...replicas });
      expect(simulated?.scaleDownStabilizationSeconds).toBe(scaling.scaleDownStabilizationSeconds);
    }
    const [gateway] = all.burst.services;
    expect(gateway?.scaling?.metrics).toEqual([{ utilisation: scaling.targetCpuPercent / 100 }]);
  });

  it('work a burst off and survive a node', () => {
    for (const scenario of [all.burst, all.nodeLoss]) {
      const { photos, times, samples } = simulate(scenario);
      expect(photos - times.length).toBeLessThan(60);
      const last = samples.at(-1)?.services ?? [];
      expect(last.map(({ lag }) => lag < 60)).toEqual(last.map(() => true));
    }
  });

  it('are quicker in a burst, and steadier, by processor time', () => {
    const most = (byProcessor: boolean) => {
      const { times } = simulate(scenarios(ownMeasurements(), { ...CHART_SCALING, byProcessor }).nodeLoss);
      return (
        Float64Array.from(times)
          .sort()
          .at(Math.floor(times.length * 0.95)) ?? 0
      );
    };
    expect(most(true)).toBeLessThan(most(false));
  });
});
