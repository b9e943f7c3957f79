import type { Sample, Simulated } from '../simulation/simulation';
import { type Chart, type ChartLine, lineChart } from './line-chart';

interface Shown {
  readonly title: string;
  readonly timeTitle: string;
  /** Seconds of a unit on the axis of time. */
  readonly unitSeconds: number;
}

/** A simulated run: what came, pods, what waited, and how long photos took. */
export function simulationChart({ samples }: Simulated, { title, timeTitle, unitSeconds }: Shown): string {
  const line = (name: string, value: (sample: Sample) => number | undefined): ChartLine => ({
    name,
    points: samples.map((sample) => [sample.atSeconds / unitSeconds, value(sample)]),
  });
  const names = samples[0]?.services.map(({ name }) => name) ?? [];
  const each = (value: (sample: Sample, service: number) => number | undefined) =>
    names.map((name, service) => line(name, (sample) => value(sample, service)));
  const chart: Chart = {
    title,
    timeTitle,
    panels: [
      { title: 'photos a second', lines: [line('come', ({ photosPerSecond }) => photosPerSecond)] },
      { title: 'pods that are ready', lines: each(({ services }, at) => services[at]?.readyPods) },
      { title: 'lag: jobs that wait or are worked on', lines: each(({ services }, at) => services[at]?.lag) },
      {
        title: 'seconds until a photo is answered',
        lines: [line('p50', ({ p50Seconds }) => p50Seconds), line('p95', ({ p95Seconds }) => p95Seconds)],
      },
    ],
  };
  return lineChart(chart);
}
